import { CouldNotRun, sameRelease } from '#kernel';
import type { Artifact } from './artifacts.ts';
import { parseExchanged } from './image-bundle.ts';
import type { Change } from '../plan/gather-change.ts';
import { partSchema, type ModelPart, type Part } from './part.ts';
import { claimOf, PartRefused, type RefusedPart } from './part-refused.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** The parts of a check, and what came and is none: one machine that errs, or lies, does not silence the others. */
export type TakenParts = { parts: readonly Part[]; refused: readonly RefusedPart[] };

/** Refused are a part of another check, and both of two of one chipset and round: to take one of them would be a choice. */
export function takeParts(artifacts: readonly Artifact[], { change, seed }: Taking): TakenParts {
  const refused: RefusedPart[] = [];
  const read: { name: string; part: Part }[] = [];
  for (const artifact of artifacts) {
    const { name } = artifact;
    try {
      if ('refused' in artifact) throw new CouldNotRun({ file: name, message: artifact.refused, remedy: '' });
      const part = parseExchanged(partSchema, artifact.text, name);
      const { base, head, policy } = part;
      if (base !== change.base || head !== change.head || policy !== change.policy || part.seed !== seed) {
        const of = `${head.slice(0, 12)} against ${base.slice(0, 12)}, seed ${part.seed}`;
        throw new CouldNotRun({ file: name, message: `it belongs to another check: ${of}`, remedy: '' });
      }
      read.push({ name, part });
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
      const claim = claimOf('text' in artifact ? artifact.text : '', change.config.chipsets);
      refused.push({ name, ...claim, reason: reasonsOf(thrown) });
    }
  }
  const twice = read.filter(({ part }) => read.some((other) => other.part !== part && overlap(part, other.part)));
  for (const { name, part } of twice) {
    const chipsets = part.present.map((chipset) => chipset.name);
    refused.push({ name, round: part.round, chipsets, reason: 'there are two of it, and one of them would be a choice' });
  }
  return { parts: read.filter((one) => !twice.includes(one)).map(({ part }) => part), refused };
}

type Taking = {
  change: Pick<Change, 'base' | 'head' | 'policy'> & { config: { chipsets: readonly { name: string }[] } };
  seed: number;
};

function overlap(one: Part, other: Part): boolean {
  return one.round === other.round && one.present.some(({ name }) => other.present.some((chipset) => chipset.name === name));
}

/** What the parts hold of one model. */
export function partsOfModel({ plan, candidate }: Pick<PlannedModel, 'plan' | 'candidate'>, { parts, refused }: TakenParts): Own {
  const { name } = plan.model;
  const own: ModelPart[] = [];
  const also: RefusedPart[] = [];
  for (const { round, runner, present, absent, models } of parts) {
    const measured = models.find(({ model }) => model === name);
    const chipsets = present.map((chipset) => chipset.name);
    const refuse = (reason: string) => also.push({ name: `${round} of ${chipsets.join(', ')}`, round, chipsets, reason });
    if (measured === undefined) refuse(`it holds nothing of the model ${name}`);
    else if (sameRelease(measured.candidate, candidate.release)) own.push({ round, runner, present, absent, measured });
    else refuse(`it measured another release of ${name} than the one at the head`);
  }
  return { own, refused: [...refused, ...also] };
}

export type Own = { own: readonly ModelPart[]; refused: readonly RefusedPart[] };

/** Works with the parts that hold what was asked, leaving out one after another those that turn out not to. */
export async function withoutRefused<T>({ own, refused }: Own, work: (given: Own) => Promise<T>): Promise<T> {
  try {
    return await work({ own, refused });
  } catch (thrown) {
    if (!(thrown instanceof PartRefused)) throw thrown;
    const { place, reason } = thrown;
    const isRefused = ({ round, present }: ModelPart) =>
      round === place.round && present.some(({ name }) => name === place.chipset);
    const [gone] = own.filter(isRefused);
    if (gone === undefined) throw thrown;
    const chipsets = gone.present.map(({ name }) => name);
    const more: RefusedPart = { name: `${place.round} of ${place.chipset}`, round: place.round, chipsets, reason };
    return await withoutRefused({ own: own.filter((part) => part !== gone), refused: [...refused, more] }, work);
  }
}

function reasonsOf({ problems }: CouldNotRun): string {
  return problems
    .map(({ field, message }) => (field === undefined || field === '' ? message : `${field}: ${message}`))
    .join('; ');
}
