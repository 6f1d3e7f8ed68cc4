import { CouldNotRun } from '#kernel';
import type { Round } from './part.ts';

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

/** Chipsets that a document claims to be of, so far as we know them: what cannot be parsed can still be missed by name. */
export function claimOf(text: string, chipsets: readonly { name: string }[]): Pick<RefusedPart, 'round' | 'chipsets'> {
  const { round, present } = objectOf(parsed(text));
  const claimed = Array.isArray(present) ? present.map((one) => objectOf(one)['name']) : [];
  return {
    round: round === 'research' || round === 'replay' ? round : null,
    chipsets: chipsets.map(({ name }) => name).filter((name) => claimed.includes(name)),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
