import { z } from 'zod';
import { CouldNotRun } from '#kernel';
import type { Round } from '#datasets';
import { partSchema } from './part.ts';

/** The part of one chipset in one round. */
export type PartPlace = { round: Round; chipset: string };

/** A part that is not accepted, and why. No chipset: it does not name one, or none that the configuration has. */
export type RefusedPart = { name: string; round: Round | null; chipsets: readonly string[]; reason: string };

/** A well-formed part that holds other answers than were asked for. The other parts can be judged without it. */
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

/** Longer than any sentence of ours: a refused part may quote text of its own. */
const LONGEST_REASON = 300;

/** Why the parts of a chipset were refused, as reasons for its absence. */
export function refusalsOf(chipset: string, refused: readonly RefusedPart[]): string[] {
  return refused
    .filter(({ chipsets }) => chipsets.includes(chipset))
    .map(({ round, reason }) => `its ${round ?? 'only'} part was refused: ${reason.slice(0, LONGEST_REASON)}`);
}

/** Refused parts that name no chipset: one of them may be the missing one. */
export function unclaimed(refused: readonly RefusedPart[]): string[] {
  return refused
    .filter(({ chipsets }) => chipsets.length === 0)
    .map(({ reason }) => `a part that names no chipset was refused: ${reason.slice(0, LONGEST_REASON)}`);
}

/** The little that is read of a document that is not a valid part. */
const claimSchema = z
  .object({
    round: partSchema.shape.round.nullable().catch(null),
    present: z.array(z.object({ name: z.unknown() }).catch({ name: null })).catch([]),
  })
  .catch({ round: null, present: [] });

/** The round and the known chipsets that a document claims to be of: an invalid part can still be reported by name. */
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
