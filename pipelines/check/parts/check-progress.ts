import type { Artifact } from './artifacts.ts';
import type { Part as PartOfCheck } from '#report';
import { claimOf } from './part-refused.ts';

type Chipset = { name: string; label: string | null };

/** What is going to be measured: both rounds on every chipset, and nothing of it yet. */
export function waitingParts(chipsets: readonly Chipset[]): PartOfCheck[] {
  return bothRounds(chipsets).map(({ name, label }) => ({ name, state: 'waiting', note: label }));
}

/** How far that is when research has ended, whoever came: what the parts say is taken at their word, and judged later. */
export function partsAfterResearch(chipsets: readonly Chipset[], artifacts: readonly Artifact[]): PartOfCheck[] {
  const came = new Set(
    artifacts.flatMap((artifact) => {
      const { round, chipsets: names } = claimOf('text' in artifact ? artifact.text : '', chipsets);
      return round === 'research' ? names : [];
    }),
  );
  return bothRounds(chipsets).map(({ name, label, round, chipset }) => {
    if (round === 'replay') return { name, state: 'waiting', note: label };
    return { name, state: came.has(chipset) ? 'finished' : 'missing', note: label };
  });
}

function bothRounds(chipsets: readonly Chipset[]) {
  return (['research', 'replay'] as const).flatMap((round) =>
    chipsets.map(({ name, label }) => ({ name: `${round} on ${name}`, round, chipset: name, label })),
  );
}
