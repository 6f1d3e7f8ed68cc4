import { releaseName, type Digest } from '#kernel';
import type { Entry } from '#ledger';
import { factsOf } from './read-facts.ts';
import type { AlarmFact } from './replay-facts.ts';
import { secondsBetween, wait, type Stretch } from './spans.ts';

/** An alarm from when it was raised to the release that ended it. */
export type AlarmLife = {
  /** Record of the alarm. */
  alarm: Digest;
  model: string;
  site: string;
  signal: string;
  /** When the night was replayed that raised it; ISO 8601. Null where its arrival is not in the ledger. */
  raised: string | null;
  /** Records of the verdicts of iterations that say they answer it. */
  answeredBy: readonly Digest[];
  /** The night on which it ended, why, and the verdict of the release that did it; null while it stands. */
  ended: { night: string; why: string | null; by: Digest | null; at: string | null } | null;
  /** From one to the other; null while it stands, or where either is not known. */
  seconds: number | null;
};

export function alarmLives(entries: readonly Entry[]): AlarmLife[] {
  const alarms = [...factsOf(entries, 'shift'), ...factsOf(entries, 'drift')].toSorted((a, b) => a.seq - b.seq);
  const answers = factsOf(entries, 'iteration');
  const ends = alarms.filter(({ fact }) => fact.state === 'ended');
  return alarms.flatMap(({ id, fact }) => {
    if (fact.state === 'ended') return [];
    const end = ends.find(({ fact: other }) => isSameAlarm(fact, other))?.fact;
    const raised = replayedAt(entries, fact, fact.raised);
    const ended = end?.ended == null ? null : endOf(entries, end, end.ended);
    const seconds = raised === null || ended?.at == null ? null : secondsBetween(raised, ended.at);
    const answeredBy = answers.filter(({ fact: own }) => own.answers.includes(id)).map(({ fact: own }) => own.verdict);
    return [{ alarm: id, model: fact.model, site: fact.site, signal: fact.signal, raised, answeredBy, ended, seconds }];
  });
}

/** What came before the first commit of an iteration that answers alarms: footage that was waited for, and its labels. */
export function beginningOf(
  entries: readonly Entry[],
  answers: readonly Digest[],
  firstCommit: string,
): { from: string | null; stretches: Stretch[] } {
  if (answers.length === 0) return { from: null, stretches: [] };
  const answered = [...factsOf(entries, 'shift'), ...factsOf(entries, 'drift')].filter(({ id }) => answers.includes(id));
  const raised = answered.flatMap(({ fact }) => replayedAt(entries, fact, fact.raised) ?? []).toSorted()[0];
  if (raised === undefined || raised > firstCommit) return { from: null, stretches: [] };
  const nights = new Set(answered.map(({ fact }) => fact.model));
  const arrivals = arrivalTimes(entries);
  const within = (at: string | null | undefined): at is string => at != null && at >= raised && at <= firstCommit;
  const asked = factsOf(entries, 'harvest')
    .filter(({ fact }) => nights.has(fact.model))
    .map(({ fact }) => arrivals.get(fact.of))
    .filter(within)
    .toSorted()[0];
  const labelled = factsOf(entries, 'labelled')
    .filter(({ fact }) => nights.has(fact.model))
    .map(({ fact }) => fact.at)
    .filter(within)
    .toSorted()
    .at(-1);
  const stretches: Stretch[] = [];
  if (asked !== undefined) stretches.push({ until: asked, label: wait('waiting for footage') });
  if (asked !== undefined && labelled !== undefined) stretches.push({ until: labelled, label: wait('labelling') });
  return { from: raised, stretches };
}

function isSameAlarm(one: AlarmFact, other: AlarmFact): boolean {
  return one.model === other.model && one.site === other.site && one.signal === other.signal && one.raised === other.raised;
}

function endOf(entries: readonly Entry[], { model, site, why }: AlarmFact, night: string): NonNullable<AlarmLife['ended']> {
  const replayed = factsOf(entries, 'night').find(
    ({ fact }) => fact.model === model && fact.night === night && fact.sites.some((one) => one.site === site),
  );
  const release = replayed?.fact.sites.find((one) => one.site === site)?.release;
  const verdict = factsOf(entries, 'verdict').findLast(
    ({ fact }) => release !== undefined && fact.model === model && releaseName(fact.candidate) === releaseName(release),
  );
  const at = replayed === undefined ? null : (arrivalTimes(entries).get(replayed.id) ?? null);
  return { night, why, by: why === 'another release' ? (verdict?.id ?? null) : null, at };
}

/** When a night of a site was replayed: when its clips arrived. */
function replayedAt(entries: readonly Entry[], { model, site }: AlarmFact, night: string): string | null {
  const times = arrivalTimes(entries);
  const found = factsOf(entries, 'night').find(
    ({ fact }) => fact.model === model && fact.night === night && fact.sites.some((one) => one.site === site),
  );
  return found === undefined ? null : (times.get(found.id) ?? null);
}

/** By the record of each night, when its clips were taken in. */
function arrivalTimes(entries: readonly Entry[]): ReadonlyMap<Digest, string> {
  const arrivals = new Map(factsOf(entries, 'arrival').map(({ id, fact }) => [id, fact.at]));
  return new Map(
    factsOf(entries, 'night').flatMap(({ id, fact }) => {
      const at = arrivals.get(fact.arrival);
      return at === undefined ? [] : [[id, at] as const];
    }),
  );
}
