import { normalCdf } from '../stats/distributions.ts';

/** A point of a line: `x` is believed with this variance, `y` was measured with this error (variances both). */
export type LinePoint = { x: number; blur: number; y: number; variance: number };
export type LinePrior = { offset: number; slope: { mean: number; sd: number }; spread: number };

/** What is believed of a line if its points lie around it with this spread. */
export type LineBelief = {
  weight: number;
  offset: number;
  offsetVariance: number;
  slope: number;
  slopeVariance: number;
  logEvidence: number;
};

/** Spreads from a sixteenth to sixteen times the expected one. */
const FACTORS = Array.from({ length: 17 }, (_, step) => 2 ** ((step - 8) / 2));

/** Errors in both, the spread integrated out; what is believed of offset and slope is normal given the spread. */
export function fitLine(points: readonly LinePoint[], prior: LinePrior): LineBelief[] {
  const fits = FACTORS.map((factor) => {
    const first = follow(points, prior, prior.spread * factor, prior.slope.mean);
    const second = follow(points, prior, prior.spread * factor, first.slope);
    return { ...second, height: second.logEvidence - 0.5 * Math.log2(factor) ** 2 };
  });
  const most = Math.max(...fits.map(({ height }) => height));
  const total = fits.reduce((sum, { height }) => sum + Math.exp(height - most), 0);
  return fits.map(({ height, ...fit }) => ({ ...fit, weight: Math.exp(height - most) / total }));
}

/** The evidence for the line whatever its spread: a logarithm. */
export function logEvidenceOf(fits: readonly LineBelief[]): number {
  const heights = fits.map(({ logEvidence }, at) => logEvidence - 0.5 * Math.log2(FACTORS[at] ?? 1) ** 2);
  const most = Math.max(...heights);
  return most + Math.log(heights.reduce((sum, height) => sum + Math.exp(height - most), 0));
}

/** How sure it is that the line falls. */
export function chanceOfFalling(fits: readonly LineBelief[]): number {
  return fits.reduce((sum, { weight, slope, slopeVariance }) => sum + weight * normalCdf(-slope / Math.sqrt(slopeVariance)), 0);
}

/** Points come in one by one, each updating what is believed of the line (a Kalman filter without motion). */
function follow(points: readonly LinePoint[], prior: LinePrior, spread: number, rough: number): Omit<LineBelief, 'weight'> {
  let [offset, slope] = [0, prior.slope.mean];
  let [offsetVariance, slopeVariance, covariance] = [prior.offset ** 2, prior.slope.sd ** 2, 0];
  let logEvidence = 0;
  for (const { x, blur, y, variance: error } of points) {
    const towardsOffset = offsetVariance + x * covariance;
    const towardsSlope = covariance + x * slopeVariance;
    const variance = towardsOffset + x * towardsSlope + spread ** 2 + error + rough ** 2 * blur;
    const surprise = y - offset - slope * x;
    logEvidence -= 0.5 * (Math.log(variance) + surprise ** 2 / variance);
    offset += (towardsOffset * surprise) / variance;
    slope += (towardsSlope * surprise) / variance;
    offsetVariance -= towardsOffset ** 2 / variance;
    covariance -= (towardsOffset * towardsSlope) / variance;
    slopeVariance -= towardsSlope ** 2 / variance;
  }
  return { offset, offsetVariance, slope, slopeVariance, logEvidence };
}
