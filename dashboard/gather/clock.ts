import type { Digest } from '#kernel';
import { entriesOf, timelinesOf, type HistoryIndex, type IterationTimeline, type VerdictFact } from '#history';

const KINDS = [
  'verdict',
  'iteration',
  'stamped',
  'merge',
  'deployment',
  'hold',
  'rollout',
  'verified',
  'shift',
  'drift',
  'night',
  'arrival',
  'labelled',
  'harvest',
] as const;
/** What tells the life of one iteration beside what names its verdict or its commits. */
const AROUND = ['shift', 'drift', 'night', 'arrival', 'labelled', 'harvest'] as const;

/** The life of every iteration, oldest first. */
export async function allTimelines(index: HistoryIndex, now: Date): Promise<IterationTimeline[]> {
  return timelinesOf(entriesOf(await index.find({ kinds: KINDS })), now);
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
