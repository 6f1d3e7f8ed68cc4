import type { SceneWorld } from '../../eval/stats/simulated-scenes.fixture.ts';

export type NamedWorld = SceneWorld & { name: string };

const of = (
  name: string,
  clusters: number,
  sizes: SceneWorld['sizes'],
  [lost, churn, growth = 0, share = 0.95]: readonly [lost: number, churn: number, growth?: number, share?: number],
): NamedWorld => ({ name, clusters, sizes, lost, churn, growth, share });

const upTo = (most: number) => ({ kind: 'uniform', most }) as const;
const lognormal = (sigma: number) => ({ kind: 'lognormal', sigma }) as const;
const pareto = (tail: number) => ({ kind: 'pareto', tail }) as const;
const one = { kind: 'equal', of: 1 } as const;
const LARGER_MORE_OFTEN = 1 / 3;

/** Models that lose whole scenes, or single events, in clips and sites of like and unlike size. */
export const WORLDS: readonly NamedWorld[] = [
  of('12 clips', 12, upTo(3), [0.1, 0.03]),
  of('30 clips', 30, upTo(3), [0.1, 0.03]),
  of('60 clips of one event', 60, one, [0.05, 0, 0, 1]),
  of('60 clips', 60, upTo(3), [0.07, 0]),
  of('100 clips of unlike size', 100, lognormal(0.7), [0.1, 0.02]),
  of('100 such, large ones lost more often', 100, lognormal(0.7), [0.1, 0.02, LARGER_MORE_OFTEN]),
  of('200 clips of one event, which change', 200, one, [0.05, 0.04, 0, 1]),
  of('200 clips', 200, upTo(5), [0.05, 0.05]),
  of('200 such, large ones lost more often', 200, upTo(8), [0.05, 0.02, LARGER_MORE_OFTEN]),
  of('200 clips of very unlike size', 200, lognormal(1), [0.05, 0.02]),
  of('200 clips with giants', 200, pareto(1.5), [0.045, 0.02]),
  of('300 of very unlike size, large ones lost more often', 300, lognormal(1), [0.04, 0.02, LARGER_MORE_OFTEN]),
  of('500 clips of very unlike size', 500, lognormal(1), [0.045, 0.02]),
  of('500 clips with giants', 500, pareto(1.5), [0.05, 0]),
  of('500 with giants, which are lost more often', 500, pareto(2), [0.05, 0.01, LARGER_MORE_OFTEN]),
  of('25 sites with many events', 25, upTo(80), [0.15, 0.02, 0, 0.8]),
  of('60 sites with many events', 60, upTo(80), [0.08, 0.02, 0, 0.8]),
  of('60 sites, of whose events a fifth change', 60, upTo(80), [0.08, 0.1, 0, 0.8]),
  of('60 clips of four events', 60, { kind: 'equal', of: 4 }, [0.0434, 0, 0, 1]),
  of('120 clips that lose a third of themselves', 120, upTo(8), [0.15, 0.05, 0, 0.35]),
];
