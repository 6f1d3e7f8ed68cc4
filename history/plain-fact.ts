import type { Json } from '#kernel';
import type { Fact } from '#ledger';

/** Facts are plain JSON by construction; the ledger's type says no more than that. */
export function plainFact(fact: { kind: string }): Fact {
  return JSON.parse(JSON.stringify(fact)) as { kind: string } & Record<string, Json>;
}
