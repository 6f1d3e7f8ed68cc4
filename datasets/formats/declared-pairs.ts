import type { Place } from '#kernel';

/** Two pictures, and whether they show one and the same. `fold`: from 0; what the standard error is taken over. */
export type DeclaredPair = { a: string; b: string; same: boolean; fold: number | null; at: Place };

/** What lists of pairs and of identities say, before any picture has been looked at. Identity: whom or what a picture shows; null where nothing says it. */
export type DeclaredFace = { file: string; identity: string | null; at: Place };

export type DeclaredPairs = { pictures: readonly DeclaredFace[]; pairs: readonly DeclaredPair[] };

/** What a fault of one pair is; undefined when there is none. */
export function pairFault(a: string, b: string): string | undefined {
  if (a === '' || b === '') return 'names one picture alone';
  return a === b ? 'pairs a picture with itself' : undefined;
}

/** Every picture of some pairs, once, in the order in which they are first named. */
export function picturesOf(pairs: readonly DeclaredPair[], identityOf: (file: string) => string | null): readonly DeclaredFace[] {
  const pictures = new Map<string, DeclaredFace>();
  for (const { a, b, at } of pairs) {
    for (const file of [a, b]) if (!pictures.has(file)) pictures.set(file, { file, identity: identityOf(file), at });
  }
  return [...pictures.values()];
}
