/**
 * How near the forecasts of `fieldproof plan` come. `node bench/plan-forecast.ts [changes]`: for each recipe, the share of so many changes whose
 * 90% interval is as wide as was said before, by a fifth more or less: from the baseline alone, and from six earlier changes too.
 */
import { compareQuality } from '../eval/compare.ts';
import { question } from '../eval/compare.fixture.ts';
import { forecastGain, type EarlierGain } from '../eval/plan/forecast.ts';
import { drawEvents, trialsOf, type Recipe } from '../eval/plan/simulated-changes.fixture.ts';
import { random } from '../eval/stats/rng.ts';
import { eventRecall } from '../tasks/events/event-recall.ts';
import type { EventTrial } from '../tasks/events/trial.ts';

const changes = Number(process.argv[2] ?? 50);
const SEEDS = [1, 2, 3, 4, 5, 6];
const EARLIER = 6;
/** How much a change is alike the baseline: correlations drawn evenly between these. */
const [LEAST, MOST] = [0.85, 0.97];

function halfWidth(candidate: readonly EventTrial[], reference: readonly EventTrial[]): number {
  const [finding] = compareQuality(question({ candidate, reference }));
  const { low, high } = finding?.gain.interval ?? { low: Number.NaN, high: Number.NaN };
  return (high - low) / 2;
}

/** Of the widths that were found, over what was forecast: alone, and with a history. */
function ratios(recipe: Recipe, seed: number): { alone: number[]; known: number[] } {
  const next = random(seed);
  const events = drawEvents(recipe, next);
  const trials = trialsOf(recipe, events, 1, next);
  const change = () => trialsOf(recipe, events, LEAST + (MOST - LEAST) * next(), next);
  const earlier: EarlierGain[] = Array.from({ length: EARLIER }, () => ({
    halfWidth: halfWidth(change(), trials),
    trials: recipe.clips,
  }));
  const said = (before: readonly EarlierGain[]) =>
    forecastGain({ metric: eventRecall, trials, earlier: before, seed: 1 })?.halfWidth ?? Number.NaN;
  const [alone, known] = [said([]), said(earlier)];
  const found = Array.from({ length: changes }, () => halfWidth(change(), trials));
  return { alone: found.map((width) => width / alone), known: found.map((width) => width / known) };
}

const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const within = (all: readonly number[]) => {
  const near = all.filter((ratio) => Math.abs(ratio - 1) <= 0.2).length;
  return `${((100 * near) / all.length).toFixed(0)}%`;
};
console.log(`${changes} changes for each of ${SEEDS.length} baselines.\n`);
row('clips', 'events each', 'found by the baseline', 'from the baseline alone', 'with 6 changes before');
row(...Array.from({ length: 5 }, () => '---'));
for (const [clips, mostEvents, found] of [
  [60, 4, 0.88],
  [200, 4, 0.7],
  [200, 4, 0.88],
  [200, 4, 0.95],
  [800, 2, 0.88],
] as const) {
  const all = SEEDS.map((seed) => ratios({ clips, mostEvents, found, seconds: 36 }, seed));
  row(
    clips,
    `1 to ${mostEvents}`,
    `${100 * found}%`,
    within(all.flatMap(({ alone }) => alone)),
    within(all.flatMap(({ known }) => known)),
  );
}
