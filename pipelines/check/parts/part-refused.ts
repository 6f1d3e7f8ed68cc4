import { z } from 'zod';
import { CouldNotRun } from '#kernel';
import { partSchema, type Round } from './part.ts';

/** Whose a part is. */
export type PartPlace = { round: Round; chipset: string };

/** What came as a part and cannot be believed. No chipset: it does not say whose it is, or nobody's that is known. */
export type RefusedPart = { name: string; round: Round | null; chipsets: readonly string[]; reason: string };

/** A part that was read well, and holds other answers than were asked for. The others can be judged without it. */
export class PartRefused extends CouldNotRun {
  readonly place: PartPlace;
  readonly reason: string;

  constructor(place: PartPlace, reason: string) {
    super({
      file: `the ${place.round} part of ${place.chipset}`,
      message: reason,
      remedy:
        'run that part again, with the version of Fieldproof that this check has; see what ran on the machine that wrote it',
    });
    this.name = 'PartRefused';
    this.place = place;
    this.reason = reason;
  }
}

/** Longer than any sentence of ours; what is refused may hold a stranger's. */
const LONGEST_REASON = 300;

/** What a chipset is said to lack where a part of it was refused. */
export function refusalsOf(chipset: string, refused: readonly RefusedPart[]): string[] {
  return refused
    .filter(({ chipsets }) => chipsets.includes(chipset))
    .map(({ round, reason }) => `its ${round ?? 'only'} part was refused: ${reason.slice(0, LONGEST_REASON)}`);
}

/** Those of no chipset, which may be the one that is missing. */
export function unclaimed(refused: readonly RefusedPart[]): string[] {
  return refused
    .filter(({ chipsets }) => chipsets.length === 0)
    .map(({ reason }) => `a part that does not say whose it is was refused: ${reason.slice(0, LONGEST_REASON)}`);
}

/** The little of a part that is read of what is none: whatever else it is, it says nothing. */
const claimSchema = z
  .object({
    round: partSchema.shape.round.nullable().catch(null),
    present: z.array(z.object({ name: z.unknown() }).catch({ name: null })).catch([]),
  })
  .catch({ round: null, present: [] });

/** Chipsets that a document claims to be of, so far as we know them: what cannot be parsed can still be missed by name. */
export function claimOf(text: string, chipsets: readonly { name: string }[]): Pick<RefusedPart, 'round' | 'chipsets'> {
  const { round, present } = claimSchema.parse(parsed(text));
  return { round, chipsets: chipsets.map(({ name }) => name).filter((name) => present.some((one) => one.name === name)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
