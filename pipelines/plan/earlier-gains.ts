import type { EarlierGain } from '#eval';
import { factsOf } from '#history';
import type { Ledger } from '#ledger';

type Entries = Awaited<ReturnType<Ledger['entries']>>;
type Gated = { model: string; dataset: string; chipsets: string; metric: string };

/** More than so many changes ago, data and recipe were others. */
const NEWEST = 10;

/** How wide the intervals of earlier changes were on the same gate, each with the trials that it rested on. */
export function earlierGains(entries: Entries, { model, dataset, chipsets, metric }: Gated): EarlierGain[] {
  const where = [dataset, chipsets, 'baseline'].join(' ');
  const evaluations = factsOf(entries, 'evaluation').filter(({ fact }) => fact.model === model && fact.dataset === dataset);
  const gains = factsOf(entries, 'verdict')
    .filter(({ fact }) => fact.model === model && fact.history === 'change')
    .flatMap(({ fact }) => {
      const found = fact.findings.find((finding) => finding.metric === metric && finding.where === where);
      const trials = evaluations.find((evaluation) => evaluation.fact.head === fact.head)?.fact.trials;
      if (found === undefined || found.low === null || found.high === null || trials === undefined) return [];
      return found.high > found.low ? [{ halfWidth: (found.high - found.low) / 2, trials }] : [];
    });
  return gains.slice(-NEWEST);
}
