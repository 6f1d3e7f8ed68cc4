import type { Pair, VerificationDataset } from '#datasets';

/**
 * Who is in each picture: as the truth says, and where only the pairs say what is known, whoever is in the pictures that pairs call
 * the same. What a model makes of two pictures of one person is not independent, so identities are resampled, and not pictures.
 */
export function identitiesOf(samples: VerificationDataset['samples'], pairs: readonly Pair[]): (id: string) => string {
  const named = new Map(samples.flatMap(({ id, truth }) => (truth === null ? [] : [[id, `identity ${truth}`] as const])));
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    let top = id;
    for (let above = parent.get(top); above !== undefined; above = parent.get(top)) top = above;
    for (let at = id; at !== top;) {
      const above = parent.get(at) ?? top;
      parent.set(at, top);
      at = above;
    }
    return top;
  };
  const nodeOf = (id: string) => named.get(id) ?? `picture ${id}`;
  for (const { a, b, same } of pairs) {
    if (!same) continue;
    const [first, second] = [root(nodeOf(a)), root(nodeOf(b))];
    if (first !== second) parent.set(second, first);
  }
  return (id) => root(nodeOf(id));
}
