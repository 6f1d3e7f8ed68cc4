import { STATISTICS } from '#eval';
import type { ReplayReport, SignalReport, SiteReport } from './documents/replay-report.ts';
import { formatShort } from './format.ts';
import { icon } from './html/marks.ts';
import { nightChart } from './html/night-chart.ts';
import { replayStyle, style } from './html/style.ts';
import { pageOf } from './html/page.ts';
import { html, type Markup } from './html/template.ts';

const LOOK = { quiet: 'pass', alarmed: 'fail', 'nothing replayed': 'inconclusive' } as const;
const WORD = { quiet: 'Quiet', alarmed: 'Changed', 'nothing replayed': 'Nothing yet' } as const;

/** Every signal of every site, night by night, as a page. */
export function renderReplayPage(reports: readonly ReplayReport[]): string {
  const models = reports.map(({ model }) => model).join(', ');
  const main = html`${reports.map(reportSection)}
    <footer>
      <p>This page holds all it shows and fetches nothing. What the words mean, and what is promised: docs/replays.md.</p>
    </footer>`;
  return pageOf({ title: `${models}: nights replayed by Fieldproof`, style: style + replayStyle, main });
}

function reportSection(report: ReplayReport): Markup {
  const look = LOOK[report.outcome];
  const nights = report.nights.map(({ night }) => night).toSorted();
  const span = nights.length === 0 ? '' : ` · ${nights[0] ?? ''} to ${nights.at(-1) ?? ''}`;
  return html`<section class="verdict ${look}">
      <p class="overline">${report.model}, replayed night by night${span}</p>
      <h1>${icon(look, 34)} ${WORD[report.outcome]}</h1>
      <p class="headline">${report.headline}</p>
      <p class="meta muted">
        While nothing has changed since a release was deployed, the chance that anything here ever raises an alarm is at most
        ${formatShort(100 * report.falseAlarmRate)}%. Shift needs no labels and says nothing of recall.
      </p>
    </section>
    ${legend(report)}${report.sites.map((site) => siteSection(site, report))}${listed('What was done', doneIn(report))}${listed('What was not replayed', lostIn(report))}${listed('Notes', report.notes)}`;
}

function legend({ recallBound, sites }: ReplayReport): Markup {
  const measured = sites.some(({ signals }) => signals.some(({ signal, values }) => signal === 'recall' && values.length > 0));
  return html`<p class="key nights-key">
    <span class="band">range of the reference nights</span><span class="disc">a night</span
    ><span class="square">a night under an alarm</span>
    ${measured && recallBound !== null && html`<span class="dash">the recall that is still as it should be (${formatShort(100 * recallBound)}%)</span>`}
  </p>`;
}

function siteSection(site: SiteReport, report: ReplayReport): Markup {
  const shown = site.signals.filter(({ values }) => values.length > 0);
  const { recall } = site;
  const labelled =
    recall.value === null
      ? 'recall unknown: no random sample has been labelled'
      : `recall ${formatShort(100 * recall.value)}% of ${recall.events} events in the random samples of ${recall.nights} nights`;
  return html`<section>
    <h3>${site.site} <small>${labelled}</small></h3>
    ${site.absent !== null && html`<p>Not replayed: ${site.absent}.</p>`}
    ${site.absent === null && shown.length === 0 && html`<p class="muted">No clip of this site has arrived yet.</p>`}
    <div class="charts">${shown.map((signal) => signalFigure(site.site, signal, report))}</div>
  </section>`;
}

function signalFigure(site: string, signal: SignalReport, { referenceNights, recallBound }: ReplayReport): Markup {
  const name =
    signal.signal === 'recall' ? 'recall of events in the random sample' : (STATISTICS[signal.signal][0] ?? signal.signal);
  const bound = signal.signal === 'recall' ? recallBound : null;
  return html`<figure class="card chart">
    <figcaption><b>${name}</b> ${stateWord(signal)}</figcaption>
    ${nightChart(signal, { reference: referenceNights, bound, name: `${name} at ${site}` })}
    ${signal.alarms.map((alarm) => alarmLine(signal, alarm))}
  </figure>`;
}

function stateWord({ state, nights, needed }: SignalReport): Markup {
  const evidence = nights.at(-1)?.evidence ?? 0;
  if (state === 'gathering')
    return html`<span class="word inconclusive">${icon('inconclusive', 9)} gathering its reference</span>`;
  const share = `evidence ${formatShort(evidence)} of ${formatShort(needed)}`;
  if (state === 'alarmed') return html`<span class="word fail">${icon('fail', 9)} alarm</span> <small>${share}</small>`;
  return html`<span class="word pass">${icon('pass', 9)} quiet</span> <small>${share}</small>`;
}

function alarmLine({ signal }: SignalReport, alarm: SignalReport['alarms'][number]): Markup {
  const statistic = signal === 'recall' ? 'recall' : (STATISTICS[signal][alarm.statistic] ?? signal);
  const where = alarm.slice === '' ? '' : `, clearest where ${alarm.slice.replace('=', ' is ')}`;
  const end =
    alarm.ended === null
      ? 'It stands.'
      : alarm.ended.why === 'quiet'
        ? `Over on ${alarm.ended.night}.`
        : `On ${alarm.ended.night} another release was deployed.`;
  return html`<p class="alarm-line">
    Raised on ${alarm.raised}: ${statistic} went from <b>${formatShort(alarm.before)}</b> to
    <b>${formatShort(alarm.since)}</b> around ${alarm.started}${where}. ${end}
  </p>`;
}

function listed(title: string, lines: readonly string[]): Markup | null {
  if (lines.length === 0) return null;
  return html`<section>
    <h3>${title}</h3>
    <ul class="notes">
      ${lines.map((text) => html`<li>${text}</li>`)}
    </ul>
  </section>`;
}

function doneIn({ announced, proposed, unlabelled }: ReplayReport): string[] {
  return [
    ...announced.map(({ what, title }) => `Issue ${what}: ${title}`),
    ...proposed.map(({ night, clips, branch }) => `${clips} clips of ${night} to label, on ${branch}`),
    ...(unlabelled > 0 ? [`${unlabelled} merged clips still wait for somebody to label them`] : []),
  ];
}

function lostIn({ setAside, replaced, waiting }: ReplayReport): string[] {
  return [
    ...setAside.map(({ night, file, why }) => `${night}: ${file}: ${why}`),
    ...waiting.map(({ file, why }) => `${file} waits: ${why}`),
    ...replaced.map((file) => `${file} was replaced since it arrived`),
  ];
}
