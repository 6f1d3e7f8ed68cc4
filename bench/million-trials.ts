/**
 * What judging many trials takes. `node bench/million-trials.ts [trials] [metric]` judges one gate of verification or classification on so
 * many trials, half of them of each side, with 2,000 replicates where the metric is a function of all, and says the seconds and the peak.
 */
import { compareQuality } from '../eval/compare.ts';
import { gate, sampleTrial } from '../eval/compare.fixture.ts';
import { random } from '../eval/stats/rng.ts';
import { METRICS, type Trial } from '../tasks/index.ts';
import { pairTrial } from '../tasks/verification/pairs.fixture.ts';
import type { PairTrial } from '../tasks/verification/trial.ts';

const [trials, name] = [Number(process.argv[2] ?? 1_000_000), process.argv[3] ?? 'pair-auroc'];
const IDENTITIES = 5000;
const next = random(1);
const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** A tenth of the pairs are of one identity; pictures are drawn from ten of each. */
function pair(index: number): Trial {
  const same = index % 10 === 0;
  const [first, other] = [Math.floor(next() * IDENTITIES), Math.floor(next() * (IDENTITIES - 1))];
  const second = same ? first : other === first ? IDENTITIES - 1 : other;
  const picture = (identity: number) => `${identity}/${Math.floor(next() * 10)}.jpg`;
  const cluster = same ? `${first}` : ([`${first}`, `${second}`] as const);
  return pairTrial(index, {
    a: picture(first),
    b: picture(second),
    same,
    cluster,
    fold: first % 10,
    score: (same ? 0.6 : 0) + 0.2 * normal(),
  });
}

const known = METRICS.get(name);
if (known === undefined) throw new Error(`there is no metric ${name}`);
const isOfPairs = known.task.name === 'verification';
const one = isOfPairs ? pair : (index: number) => sampleTrial(index, next() < 0.7, next());
const reference = Array.from({ length: trials / 2 }, (_, index) => one(index));
const noisy = (trial: PairTrial) => ({ ...trial, score: (trial.score ?? 0) + 0.05 * normal() });
const candidate = reference.map((trial, index) => (isOfPairs ? noisy(trial as PairTrial) : one(index)));
const started = performance.now();
const [finding] = compareQuality({
  gate: { ...gate, metric: name, margin: 0.02 },
  metric: known.metric,
  dataset: 'many',
  candidate,
  reference,
  against: 'baseline',
  chipset: null,
  identical: false,
  seed: 1,
});
const seconds = (performance.now() - started) / 1000;
const mebibytes = process.resourceUsage().maxRSS / 1024;
const judged = `${finding?.outcome} (${finding?.gain.method})`;
console.log(`${name} of ${trials} trials: ${judged}, ${seconds.toFixed(1)} s, peak ${mebibytes.toFixed(0)} MiB`);
