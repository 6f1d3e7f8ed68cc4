import { chanceOfFalling, fitLine, logEvidenceOf, type LinePoint } from './fit-line.ts';
import { hasPlaces } from './field-model.ts';
import type { FieldRows } from './field-rows.ts';
import { beliefOf, type FieldFit } from './forecast.ts';
import type { SetStanding } from './result.ts';

/**
 * Whether field gains rise with the gains of a research set, do not care, or fall. The three are compared by their evidence (Bayes
 * factors), and one is named when it is this sure. Evidence against what is true passes 1/a with chance a at most, however often one
 * looks (Ville 1939), so that looking after each iteration names no more sets wrongly than looking once.
 */
const SURE = 0.95;
/** Of fewer iterations nothing is named: one that went wrong for reasons of its own would speak for all. */
const FEWEST_NAMED = 6;
/** In ordinary gains: how steep a line may be, and how far iterations lie from it. */
const STEEP = 1;
const OFFSET = 1;
const SPREAD = 0.8;

export function judgeSets(fit: FieldFit): SetStanding[] {
  const { sets, scales } = fit.design.data.research;
  const field = pooled(fit);
  return sets.map((set, at) => {
    const points = field.flatMap(({ rows, gain, variance }) => pointOf(fit, at, rows, gain, variance));
    const lines = fitLine(points, { offset: OFFSET, slope: { mean: 0, sd: STEEP }, spread: SPREAD });
    const flat = fitLine(points, { offset: OFFSET, slope: { mean: 0, sd: 1e-6 }, spread: SPREAD });
    const odds = Math.exp(Math.min(500, logEvidenceOf(lines) - logEvidenceOf(flat)));
    const falls = chanceOfFalling(lines);
    const [predicts, misleads] = [2 * odds * (1 - falls), 2 * odds * falls];
    const total = predicts + misleads + 1;
    const chances = { predicts: predicts / total, saysNothing: 1 / total, misleads: misleads / total };
    const unit = fit.design.data.scale / (scales[at] ?? 1);
    const slope = beliefOf(
      lines.map(({ weight, slope: mean, slopeVariance }) => ({ weight, mean, unknown: slopeVariance, noise: 0 })),
      unit,
    );
    return {
      set,
      slope,
      ...chances,
      verdict: points.length < FEWEST_NAMED ? 'not told yet' : verdictOn(chances),
      iterations: points.length,
    };
  });
}

function verdictOn({
  predicts,
  saysNothing,
  misleads,
}: Pick<SetStanding, 'predicts' | 'saysNothing' | 'misleads'>): SetStanding['verdict'] {
  if (misleads > SURE) return 'misleads';
  if (predicts > SURE) return 'predicts';
  return saysNothing > SURE ? 'says nothing' : 'not told yet';
}

type Pooled = { rows: FieldRows; gain: number; variance: number };

/** Each iteration's gain over its places, what is particular to them taken out. */
function pooled({ design, beliefs }: FieldFit): Pooled[] {
  const best = beliefs.reduce((one, other) => (other.weight > one.weight ? other : one)).belief;
  const first = 1 + design.data.research.sets.length;
  const offset = (place: number) => (hasPlaces(design.data) ? (best.mean[first + 2 * place] ?? 0) : 0);
  return design.data.rows.flatMap((rows) => {
    if (rows.gains.length === 0) return [];
    let [weight, sum] = [0, 0];
    for (let at = 0; at < rows.gains.length; at += 1) {
      const own = 1 / ((rows.variances[at] ?? 0) + best.spreads.visit ** 2);
      weight += own;
      sum += own * ((rows.gains[at] ?? 0) - offset(rows.place[at] ?? 0));
    }
    return [{ rows, gain: sum / weight, variance: 1 / weight }];
  });
}

function pointOf({ design }: FieldFit, set: number, { research }: FieldRows, y: number, variance: number): LinePoint[] {
  const { mean, spread } = design.data.research;
  const blur = research.blur.cells[set * spread.size + set] ?? 0;
  return [{ x: (research.expected[set] ?? 0) - (mean[set] ?? 0), blur, y, variance }];
}
