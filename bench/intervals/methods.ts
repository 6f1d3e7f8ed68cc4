import type { Interval } from '../../eval/gate.ts';
import { bcaInterval, expandedZ } from '../../eval/stats/bootstrap.ts';
import { adjustedLikelihood, likelihood } from '../../eval/stats/candidates/likelihood.ts';
import type { Candidate } from '../../eval/stats/candidates/candidate.ts';
import { sandwich } from '../../eval/stats/candidates/sandwich.ts';
import { studentised } from '../../eval/stats/candidates/studentised.ts';
import { tilting } from '../../eval/stats/candidates/tilting.ts';
import { wild } from '../../eval/stats/candidates/wild.ts';
import { estimateGain } from '../../eval/stats/gain.ts';
import type { PairedClusters } from '../../eval/stats/paired-clusters.ts';
import { random } from '../../eval/stats/rng.ts';

/** Fieldproof's own, and those that were weighed beside it. `dear`: so slow that it is asked in fewer replicates. */
export type Method = { name: string; dear: boolean; of: (clusters: PairedClusters, seed: number) => Interval | null };

export const OURS = 'Fieldproof';

const candidate = (name: string, dear: boolean, of: Candidate): Method => ({
  name,
  dear,
  of: ({ gained, lost, weights }, seed) =>
    of({ differences: gained.map((value, index) => value - (lost[index] ?? 0)), weights }, seed),
});

const bca: Candidate = (sums, seed) =>
  bcaInterval(sums, { z: expandedZ(sums.weights.length), replicates: 999, random: random(seed) });

export const METHODS: readonly Method[] = [
  { name: OURS, dear: false, of: (clusters) => estimateGain(clusters, { kind: 'bounded', range: 1 })?.interval ?? null },
  candidate('BCa bootstrap, expanded', true, bca),
  candidate('studentised bootstrap', true, studentised),
  candidate('wild cluster bootstrap', true, wild),
  candidate('tilted bootstrap', true, tilting),
  candidate('empirical likelihood', true, likelihood),
  candidate('adjusted empirical likelihood', true, adjustedLikelihood),
  candidate('CR2, Satterthwaite', false, sandwich),
];
