import type { Entry } from '#ledger';
import { weightedRecall } from '#eval';
import type { ReplayConfig } from '#config';
import type { Followed } from './conclude.ts';
import { factsAbout } from '#history';
import { formatShort, type Announced, type ProposedLabelling, type ReplayReport, type SiteReport } from '#report';
import type { ServedSites } from './serve-sites.ts';
import type { Arrivals } from './take-arrivals.ts';

export type ReplayOutcome = {
  config: ReplayConfig;
  entries: readonly Entry[];
  followed: readonly Followed[];
  arrivals: Arrivals;
  sites: ServedSites;
  announced: readonly Announced[];
  proposed: readonly ProposedLabelling[];
  waiting: number;
  notes: readonly string[];
};

export function replayReport({
  config,
  entries,
  followed,
  arrivals,
  sites,
  announced,
  proposed,
  waiting,
  notes,
}: ReplayOutcome): ReplayReport {
  const nights = factsAbout(entries, config.model, 'night').map(({ fact }) => fact);
  const alarmed = followed.filter(({ course }) => course.state === 'alarmed');
  return {
    version: 2,
    model: config.model,
    outcome: nights.length === 0 ? 'nothing replayed' : alarmed.length > 0 ? 'alarmed' : 'quiet',
    headline: headlineOf(config, alarmed, nights.length),
    falseAlarmRate: config.alarms.falseAlarmRate,
    referenceNights: config.alarms.referenceNights,
    recallBound: config.alarms.recallBound,
    arrived: arrivals.arrived,
    nights: nights.map(({ night, clips, setAside }) => ({ night, clips: clips.length, setAside: setAside.length })),
    setAside: nights.flatMap(({ night, setAside }) => setAside.map((one) => ({ night, ...one }))),
    replaced: arrivals.replaced,
    waiting: arrivals.waiting,
    sites: config.sites.map(({ name }) => siteReport(name, { config, entries, followed, sites })),
    announced,
    proposed,
    unlabelled: waiting,
    notes,
  };
}

function siteReport(
  site: string,
  { config, entries, followed, sites }: Pick<ReplayOutcome, 'config' | 'entries' | 'followed' | 'sites'>,
): SiteReport {
  const labelled = factsAbout(entries, config.model, 'labelled').filter(({ fact }) => fact.site === site);
  const clips = labelled.flatMap(({ fact }) => fact.clips);
  return {
    site,
    absent: sites.absent.find((one) => one.site === site)?.why ?? null,
    recall: { value: weightedRecall(clips), events: clips.reduce((sum, { truth }) => sum + truth, 0), nights: labelled.length },
    signals: followed
      .filter((one) => one.site === site)
      .map(({ signal, values, course: { state, alarms, nights, needed } }) => ({
        signal,
        values,
        state,
        alarms,
        nights,
        needed,
      })),
  };
}

function headlineOf({ model, sites }: ReplayConfig, alarmed: readonly Followed[], nights: number): string {
  if (nights === 0) return `Nothing of ${model} has been replayed yet.`;
  const [first] = alarmed;
  const alarm = first?.course.alarms.at(-1);
  if (first === undefined || alarm === undefined) {
    return `${model}: nothing has changed that ${nights} nights at ${sites.length} sites could show.`;
  }
  const more = alarmed.length === 1 ? '' : `, and ${alarmed.length - 1} more`;
  const what = first.signal === 'recall' ? 'recall drift' : `a shift in ${first.signal}`;
  return `${model}: ${what} at ${first.site} since ${alarm.started} (${formatShort(alarm.before)} before, ${formatShort(alarm.since)} since)${more}.`;
}
