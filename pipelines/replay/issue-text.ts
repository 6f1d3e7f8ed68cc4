import { escapeMarkdown, formatShort } from '#report';
import { hexOf, type Digest } from '#kernel';
import type { ReplayConfig } from '#config';
import type { Followed } from './conclude.ts';
import type { AlarmFact } from '#history';
import { pictureOf } from './propose-labels.ts';

/** Clips that an issue names, at most. */
const CLIPS = 12;
/** Nights that it lists, at most. */
const NIGHTS = 14;

/** One issue for each cause: a model, a site, and a signal. Nobody reads it, and no encoded site ends the comment. */
export function alarmMarker({ model, site, signal }: Pick<AlarmFact, 'model' | 'site' | 'signal'>): string {
  return `<!-- fieldproof-replay ${model}/${encodeURIComponent(site)}/${signal} -->`;
}

export function alarmTitle({ kind, model, site, statistic, before, since }: AlarmFact): string {
  const what = kind === 'drift' ? 'Recall drift' : 'Shift';
  return `${what} at ${site}: ${statistic} of ${model} went from ${formatShort(before)} to ${formatShort(since)}`;
}

export type IssueInput = {
  fact: AlarmFact;
  /** Record of the alarm. */
  record: Digest;
  nights: Followed['values'];
  clips: readonly string[];
  pictures: ReadonlyMap<string, string>;
  config: ReplayConfig;
};

export function issueBody({ fact, record, nights, clips, pictures, config }: IssueInput): string {
  const { model, site, statistic, started, raised, slice, evidence, needed } = fact;
  const where =
    slice === '' ? 'No single condition stands out.' : `It is clearest where **${escapeMarkdown(slice.replace('=', ' is '))}**.`;
  const rows = nights.slice(-NIGHTS).map(({ night, value }) => `| ${night} | ${formatShort(value)} |`);
  const shown = clips.slice(0, CLIPS).map((file) => `- ${pictureOf(pictures.get(file))}${escapeMarkdown(file)}`);
  return `${meaningOf(fact)}

${escapeMarkdown(statistic)} of ${escapeMarkdown(model)} at ${escapeMarkdown(site)}: **${formatShort(fact.before)}** before, **${formatShort(fact.since)}** since. It began on the night of ${started} or so; on ${raised} the evidence
was ${evidence.toPrecision(3)}, of which ${needed.toPrecision(3)} raises an alarm. ${where}

| night | ${escapeMarkdown(statistic)} |
|---|---|
${rows.join('\n')}

Clips to look at, the clearest first${clips.length > CLIPS ? ` (${CLIPS} of ${clips.length})` : ''}:
${shown.join('\n')}

<details><summary>What this rests on</summary>

While nothing has changed since the release was deployed, the chance that an alarm of any kind is ever raised at any site
is at most ${percent(fact.falseAlarmRate)}. ${endsWhen(fact, config)} Method: docs/replays.md.
</details>

A change that answers it says so in a commit: \`Fieldproof-Answers: ${hexOf(record).slice(0, 12)}\`.
`;
}

function meaningOf({ kind }: AlarmFact): string {
  if (kind === 'drift')
    return 'The model finds fewer of the events than it should, by a random sample that people labelled: **recall drift**.';
  return 'What the camera shows, or what the model makes of it, is no longer what it was: a **shift**. Nothing is labelled, so this says nothing of recall yet: look at the lens, the view, the light and the feed first.';
}

function endsWhen({ kind }: AlarmFact, { alarms }: ReplayConfig): string {
  if (kind === 'drift')
    return 'This issue is closed when the last 10 labelled nights together are back above the bound, or another release is deployed.';
  const nights = alarms.quietNights === 1 ? 'a night is' : `${alarms.quietNights} nights in a row are`;
  return `This issue is closed when ${nights} back between the lowest and the highest of those before the change, or another release is deployed.`;
}

export function endedComment({ kind, ended, why, site }: AlarmFact, { alarms }: ReplayConfig): string {
  if (why === 'another release')
    return `On the night of ${ended} another release was replayed at ${escapeMarkdown(site)}: it begins anew.`;
  if (kind === 'drift') return `Over since the night of ${ended}: the last labelled nights together are back above the bound.`;
  return `Over since the night of ${ended}: ${alarms.quietNights} nights in a row were like those before the change. Watching begins anew with the nights that follow.`;
}

function percent(value: number): string {
  return `${Number((100 * value).toPrecision(3))}%`;
}
