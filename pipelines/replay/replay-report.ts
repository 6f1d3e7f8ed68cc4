import type { Entry } from '#ledger';
import { weightedRecall } from '#eval';
import type { ReplayConfig } from '#config';
import type { Followed } from './conclude.ts';
import { replayFacts } from '#history';
import { short } from './issue-text.ts';
import type { Proposed } from './propose-labels.ts';
import type { Stage } from './serve-sites.ts';
import type { Arrivals } from './take-arrivals.ts';
import type { Told } from './told.ts';

/** What a replay found: what is shown on a terminal and on the page. Plain JSON. */
export type ReplayReport = {
  version: 1;
  model: string;
  outcome: 'quiet' | 'alarmed' | 'nothing replayed';
  headline: string;
  falseAlarmRate: number;
  referenceNights: number;
  recallBound: number | null;
  arrived: number;
  nights: readonly { night: string; clips: number; setAside: number }[];
  setAside: readonly { night: string; file: string; why: string }[];
  replaced: readonly string[];
  waiting: readonly { file: string; why: string }[];
  sites: readonly SiteReport[];
  told: readonly Told[];
  proposed: readonly Proposed[];
  /** Clips in merged labelling files that nobody has filled in. */
  unlabelled: number;
  notes: readonly string[];
};

export type SiteReport = {
  site: string;
  absent: string | null;
  /** Of the random sample, weighted by how likely each clip was to be drawn; null before any is labelled. */
  recall: { value: number | null; events: number; nights: number };
  signals: readonly SignalReport[];
};

export type SignalReport = Pick<Followed, 'signal' | 'values'> &
  Pick<Followed['course'], 'state' | 'alarms' | 'nights' | 'needed'>;

export type ReplayOutcome = {
  config: ReplayConfig;
  entries: readonly Entry[];
  followed: readonly Followed[];
  arrivals: Arrivals;
  stage: Stage;
  told: readonly Told[];
  proposed: readonly Proposed[];
  waiting: number;
  notes: readonly string[];
};

export function replayReport({
  config,
  entries,
  followed,
  arrivals,
  stage,
  told,
  proposed,
  waiting,
  notes,
}: ReplayOutcome): ReplayReport {
  const nights = replayFacts(entries, config.model, 'night').map(({ fact }) => fact);
  const alarmed = followed.filter(({ course }) => course.state === 'alarmed');
  return {
    version: 1,
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
    sites: config.sites.map(({ name }) => siteReport(name, { config, entries, followed, stage })),
    told,
    proposed,
    unlabelled: waiting,
    notes,
  };
}

function siteReport(
  site: string,
  { config, entries, followed, stage }: Pick<ReplayOutcome, 'config' | 'entries' | 'followed' | 'stage'>,
): SiteReport {
  const labelled = replayFacts(entries, config.model, 'labelled').filter(({ fact }) => fact.site === site);
  const clips = labelled.flatMap(({ fact }) => fact.clips);
  return {
    site,
    absent: stage.absent.find((one) => one.site === site)?.why ?? null,
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
  return `${model}: ${what} at ${first.site} since ${alarm.started} (${short(alarm.before)} before, ${short(alarm.since)} since)${more}.`;
}
