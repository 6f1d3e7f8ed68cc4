/** What one sample can show, which is its gain and what may be lost of it, and how often it does. */
export type Shown = { chance: number; shown: number };

/** Of all worlds whose samples show nothing on average, and no more than `largest`, that which is hardest to tell from these samples. */
export type Nearest = {
  /** Kullback and Leibler's divergence of these samples from it: what the best bet on them earns on average, in logarithms. */
  divergence: number;
  /** How often it shows each of the same. */
  chances: readonly number[];
};

/** By the best bet, which is dual to it (Honda and Takemura 2010, "An asymptotically optimal bandit algorithm for bounded support models"). */
export function nearestNull(all: readonly Shown[], largest: number): Nearest {
  const earned = (bet: number) => all.reduce((sum, { chance, shown }) => sum + chance * logarithm(chance, 1 - bet * shown), 0);
  // What a bet earns is concave in it, and no bet may lose more than everything.
  let [low, high] = [0, 1 / largest];
  for (let step = 0; step < 200; step += 1) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (earned(left) < earned(right)) low = left;
    else high = right;
  }
  const bet = (low + high) / 2;
  const chances = all.map(({ chance, shown }) => (chance === 0 ? 0 : chance / (1 - bet * shown)));
  // Where the boldest bet is best, the rest of the world is what shows most: these samples never do.
  const rest = Math.max(0, 1 - chances.reduce((sum, chance) => sum + chance, 0));
  return {
    divergence: Math.max(0, earned(bet)),
    chances: chances.map((chance, at) => (all[at]?.shown === largest ? chance + rest : chance)),
  };
}

/**
 * The mean number of samples before which no test ends that is sure to end, and that errs in at most `level` of worlds that show nothing on
 * average: ln(1 / level) / divergence (Wald 1945, "Sequential tests of statistical hypotheses"; Garivier and Kaufmann 2016, "Optimal best
 * arm identification with fixed confidence", Lemma 1). The test may know all but which of the two worlds it is in, and look when it likes.
 */
export function leastSamples(all: readonly Shown[], largest: number, level: number): number {
  const { divergence } = nearestNull(all, largest);
  return divergence <= 1e-12 ? Infinity : -Math.log(level) / divergence;
}

function logarithm(chance: number, factor: number): number {
  return chance === 0 ? 0 : Math.log(factor);
}
