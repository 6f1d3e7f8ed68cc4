/** Gallery pictures of one score, which are in no order among themselves: how many, and how many of them show what is looked for. */
export type Tier = { all: number; relevant: number };

/** How well one query was answered. */
export type Retrieved = {
  /** The rank, from 1, by which a relevant picture is certain to be among the first; null where none is retrieved. */
  first: number | null;
  averagePrecision: number;
  /** Normalised discounted cumulative gain of the first ten. */
  ndcg: number;
};

const DEPTH = 10;

/**
 * Equals are never settled by their order in a file. `first`: what only a lucky order would bring up is not found. Average precision
 * and gain are the mean over all orders of the equals (McSherry and Najork 2008, "Computing Information Retrieval Performance Measures
 * Efficiently in the Presence of Tied Scores", ECIR), as ndcg_score of scikit-learn has it; the discount is log2 of the rank and one
 * (Jaervelin and Kekaelaeinen 2002).
 * @param tiers from the most alike to the least
 * @param relevant how many there are in all, retrieved or not; above 0
 */
export function retrieve(tiers: readonly Tier[], relevant: number): Retrieved {
  let [met, found, precision, gain] = [0, 0, 0, 0];
  let first: number | null = null;
  for (const tier of tiers) {
    if (tier.relevant > 0) {
      first ??= met + tier.all - tier.relevant + 1;
      gain += (tier.relevant / tier.all) * discounts(met, met + tier.all);
    }
    precision += precisions(tier, { met, found });
    met += tier.all;
    found += tier.relevant;
  }
  return { first, averagePrecision: precision / relevant, ndcg: gain / discounts(0, relevant) };
}

/** Every tie broken against the query: the relevant come last; or for it. */
export function brokenTiers(tiers: readonly Tier[], ties: 'against' | 'for'): Tier[] {
  return tiers.flatMap(({ all, relevant }) => {
    const good = Array.from({ length: relevant }, (): Tier => ({ all: 1, relevant: 1 }));
    const bad = all > relevant ? [{ all: all - relevant, relevant: 0 }] : [];
    return ties === 'for' ? [...good, ...bad] : [...bad, ...good];
  });
}

/** The sum of the precisions at the relevant pictures of a tier, over all its orders on average; so many lie before it. */
function precisions({ all, relevant }: Tier, { met, found }: { met: number; found: number }): number {
  if (relevant === 0) return 0;
  let sum = 0;
  for (let place = 1; place <= all; place += 1) {
    const before = all === 1 ? 0 : ((place - 1) * (relevant - 1)) / (all - 1);
    sum += (relevant / all) * ((found + before + 1) / (met + place));
  }
  return sum;
}

/** The discounts of the places from `from` (0 is the first) to before `to`, as far down as is looked. */
function discounts(from: number, to: number): number {
  let sum = 0;
  for (let place = from; place < Math.min(to, DEPTH); place += 1) sum += 1 / Math.log2(place + 2);
  return sum;
}
