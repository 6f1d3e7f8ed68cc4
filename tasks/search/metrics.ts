import { explainCounts } from '../explain.ts';
import { netChange, type RatioMetric } from '../metric.ts';
import { settleTies, type QueryTrial } from './trial.ts';

const perQuery = {
  kind: 'ratio',
  unit: 'fraction',
  better: 'more',
  counted: 'queries that have something to find',
  clusters: 'identities',
} as const;

/**
 * Recall@k as image retrieval has it: the share of queries with a relevant picture among the first k (Jegou, Douze and Schmid 2011;
 * in person re-identification, the cumulative match characteristic at rank k).
 */
export const recallAt = ([1, 5, 10] as const).map((k): RatioMetric<QueryTrial> => ({
  ...perQuery,
  name: `recall-at-${k}`,
  inWords: `the share of queries that are answered right ${k === 1 ? 'at once' : `among the first ${k}`}`,
  ...shares(({ first }) => Number(first !== null && first <= k)),
  explain: (change) => explainCounts(change, 'queries'),
}));

/** The mean over the queries of average precision: how far the relevant pictures stand before all others. */
export const meanAveragePrecision: RatioMetric<QueryTrial> = {
  ...perQuery,
  name: 'search-map',
  title: 'mean average precision',
  inWords: 'the mean average precision of its queries',
  ...shares(({ averagePrecision }) => averagePrecision),
  explain: ({ totals }) => `over ${totals.denominator} queries`,
};

/** The mean over the queries of the normalised discounted cumulative gain of the first ten; a picture is relevant or it is not. */
export const ndcg: RatioMetric<QueryTrial> = {
  ...perQuery,
  name: 'ndcg-at-10',
  title: 'NDCG at 10',
  inWords: 'the normalised gain of the first ten results',
  ...shares((trial) => trial.ndcg),
  explain: ({ totals }) => `over ${totals.denominator} queries`,
};

/** A mean over the queries that have something to find: the others are in no numerator and in no denominator. */
function shares(value: (trial: QueryTrial) => number): Pick<RatioMetric<QueryTrial>, 'spread' | 'totals' | 'pair' | 'settled'> {
  const denominatorOf = ({ relevant }: QueryTrial) => Number(relevant > 0);
  return {
    spread: { kind: 'bounded', range: () => 1 },
    settled: settleTies,
    totals: (trial) => ({ numerator: denominatorOf(trial) * value(trial), denominator: denominatorOf(trial) }),
    pair: (candidate, reference) => {
      const denominator = denominatorOf(candidate);
      const [after, before] = [denominator * value(candidate), denominator * value(reference)];
      return { candidate: after, reference: before, denominator, ...netChange(after, before, 'more') };
    },
  };
}
