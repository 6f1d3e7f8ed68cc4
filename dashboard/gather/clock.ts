import type { Digest } from '#kernel';
import type { Entry } from '#ledger';
import { entriesOf, timelinesOf, type HistoryIndex, type IterationTimeline, type VerdictFact } from '#history';

/** What tells the life of one iteration beside what names its verdict or its commits. */
const AROUND = ['shift', 'drift', 'night', 'arrival', 'labelled', 'harvest'] as const;

/** The lives of the last iterations, oldest first, and the facts that tell them. */
export async function lastTimelines(
  index: HistoryIndex,
  now: Date,
  last: number,
): Promise<{ lives: IterationTimeline[]; entries: readonly Entry[] }> {
  const verdicts = await index.find({ kinds: ['verdict'], newestFirst: true, page: { skip: 0, limit: last } });
  const about = verdicts.map(({ id }) => id);
  const own = await index.find({ kinds: ['iteration', 'stamped', 'merge', 'deployment', 'hold', 'revert'], about });
  const commits = own.flatMap(({ fact }) => (fact.kind === 'deployment' ? [fact.fleetCommit] : []));
  const fleet = await index.find({ kinds: ['rollout', 'verified'], about: commits });
  const answers = own.some(({ fact }) => fact.kind === 'iteration' && fact.answers.length > 0);
  const around = answers ? await index.find({ kinds: AROUND }) : [];
  const all = new Map([...verdicts, ...own, ...fleet, ...around].map((each) => [each.seq, each]));
  const entries = entriesOf([...all.values()].toSorted((a, b) => a.seq - b.seq));
  return { lives: timelinesOf(entries, now), entries };
}

/** The life of one; null where its verdict is of a release that was there already. */
export async function timelineOf(
  index: HistoryIndex,
  verdict: { id: Digest; fact: VerdictFact },
  now: Date,
): Promise<IterationTimeline | null> {
  const { model } = verdict.fact;
  const own = await index.find({ kinds: ['iteration', 'stamped', 'merge', 'deployment', 'hold'], about: [verdict.id] });
  const commits = own.flatMap(({ fact }) => (fact.kind === 'deployment' ? [fact.fleetCommit] : []));
  const fleet = await index.find({ kinds: ['rollout', 'verified'], about: commits });
  const answers = own.some(({ fact }) => fact.kind === 'iteration' && fact.answers.length > 0);
  const around = answers ? await index.find({ kinds: AROUND, model }) : [];
  const later = await index.find({ kinds: ['deployment'], model });
  const read = new Map([...own, ...fleet, ...around, ...later].map((each) => [each.id, each]));
  const [judged] = await index.find({ kinds: ['verdict'], ids: [verdict.id] });
  const all = judged === undefined ? [...read.values()] : [...read.values(), judged];
  const lives = timelinesOf(entriesOf(all.toSorted((a, b) => a.seq - b.seq)), now);
  return lives.find((life) => life.verdict === verdict.id) ?? null;
}
