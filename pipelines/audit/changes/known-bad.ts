import { coarsened, weightsIn } from '#images';
import { DESCRIPTION, writeDescription, type Description, type Preprocess } from './description.ts';

/** A model as it is served today: what its description says, its labels in order, and how to read its files. */
export type Served = {
  description: Description;
  labels: readonly string[] | null;
  read: (file: string) => Promise<Uint8Array>;
};

/** One strength of a change: the files that it replaces. */
export type Step = { strength: string; files: () => Promise<ReadonlyMap<string, Uint8Array | string>> };

/**
 * A mistake that teams have made, made on purpose. Where it cannot be made of a model, `left` says why: an audit that passes over a
 * change says so by name.
 */
export type KnownBad = { name: string; title: string } & ({ steps: readonly [Step, ...Step[]] } | { left: string });

/** What goes wrong in practice, each made mechanically from the model that is deployed. A slower loop is made by the runner. */
export function knownBad(served: Served): KnownBad[] {
  return [
    { name: 'channels', title: 'Channels flipped', ...channels(served) },
    { name: 'crop', title: 'Crop taken from a larger picture', ...crop(served) },
    { name: 'letterbox', title: 'Letterbox changed', ...letterbox(served) },
    { name: 'kernel', title: 'Resized without smoothing', ...kernel(served) },
    { name: 'alignment', title: 'Alignment forgotten', ...alignment(served) },
    { name: 'mean', title: 'Mean forgotten', ...mean(served) },
    { name: 'quantised', title: 'A layer over-quantised', ...quantised(served) },
    { name: 'label', title: 'A label dropped from the list', ...label(served) },
  ];
}

type Made = { steps: readonly [Step, ...Step[]] } | { left: string };

function channels({ description }: Served): Made {
  const { channels: order } = description.preprocess;
  if (order === 'gray') return { left: 'it sees grey pictures' };
  const flipped = order === 'rgb' ? 'bgr' : 'rgb';
  return { steps: [shown(description, `${flipped} for ${order}`, { channels: flipped })] };
}

/** Its description knows no offset: the crop moves in by being cut out of a larger picture. */
function crop({ description }: Served): Made {
  const { resize, crop: cut } = description.preprocess;
  if (resize.fit === 'letterbox') return { left: 'a letterbox leaves nothing to crop' };
  const { width, height, 'shorter-side': side } = resize;
  const size = cut ?? (width === undefined || height === undefined ? null : { width, height });
  if (size === null) return { left: 'its description says no size' };
  const by = (factor: number): Step => {
    const larger = (length: number | undefined) => (length === undefined ? {} : Math.round(length * factor));
    const grown = side === undefined ? { width: larger(width), height: larger(height) } : { 'shorter-side': larger(side) };
    const resized = { ...resize, ...grown } as Preprocess['resize'];
    return shown(description, `${Math.round((factor - 1) * 100)}% larger`, { resize: resized, crop: size });
  };
  return { steps: [by(1.1), by(1.25), by(1.5)] };
}

function letterbox({ description }: Served): Made {
  const { resize, crop: cut } = description.preprocess;
  if (resize['shorter-side'] !== undefined || cut !== undefined) return { left: 'it is shown a crop, and no letterbox' };
  if (resize.fit !== 'letterbox') {
    const boxed = { ...resize, fit: 'letterbox', pad: 0 };
    return { steps: [shown(description, 'letterboxed where it was stretched', { resize: boxed })] };
  }
  const { fit: _fit, place, pad, ...plain } = resize;
  const otherPad = pad === 0 ? 114 : 0;
  const otherPlace = place === 'top-left' ? 'centre' : 'top-left';
  return {
    steps: [
      shown(description, `padded with ${otherPad}`, { resize: { ...resize, pad: otherPad } }),
      shown(description, `laid ${otherPlace}`, { resize: { ...resize, place: otherPlace } }),
      shown(description, 'stretched where it was letterboxed', { resize: plain }),
    ],
  };
}

function kernel({ description }: Served): Made {
  const { resize } = description.preprocess;
  if (resize.kernel === 'nearest') return { left: 'it is resized so already' };
  return { steps: [shown(description, `nearest for ${resize.kernel}`, { resize: { ...resize, kernel: 'nearest' } })] };
}

function alignment({ description }: Served): Made {
  const { align, ...others } = description;
  if (align === undefined) return { left: `nothing is aligned for this model of ${description.task}` };
  return { steps: [described('a plain crop', others)] };
}

function mean({ description }: Served): Made {
  const { mean: given = 0 } = description.preprocess;
  if ([given].flat().every((value) => value === 0)) return { left: 'it subtracts no mean' };
  const less = (share: number): Step => {
    const left = Array.isArray(given) ? given.map((value) => value * (1 - share)) : given * (1 - share);
    return shown(description, `${share * 100}% of it`, { mean: left });
  };
  return { steps: [less(0.25), less(0.5), less(1)] };
}

/** The largest layer of each file of weights. */
function quantised({ description, read }: Served): Made {
  const to = (bits: number): Step => ({
    strength: bits === 1 ? '1 bit' : `${bits} bits`,
    files: async () => {
      const files = [...new Set(Object.values(description.weights))];
      return new Map(await Promise.all(files.map(async (file) => [file, coarsest(await read(file), bits)] as const)));
    },
  });
  return { steps: [to(6), to(4), to(3), to(2), to(1)] };
}

function coarsest(file: Uint8Array, bits: number): Uint8Array {
  return coarsened(file, weightsIn(file).slice(0, 1), bits);
}

/** It goes to the end of the list, so that each class after it is called by its neighbour's name. */
function label({ description, labels }: Served): Made {
  if (labels === null || labels.length < 2) return { left: 'it names no classes' };
  const from = (share: number): Step => {
    const at = Math.min(labels.length - 2, Math.floor(labels.length * (1 - share)));
    const moved = [...labels.slice(0, at), ...labels.slice(at + 1), labels[at] ?? ''];
    return described(`the last ${labels.length - at} of ${labels.length} names`, { ...description, labels: moved });
  };
  // Of few classes a tenth is as many as a half.
  const [first, ...others] = new Map([from(0.1), from(0.5), from(1)].map((step) => [step.strength, step])).values();
  return first === undefined ? { left: 'it names no classes' } : { steps: [first, ...others] };
}

function shown(description: Description, strength: string, words: Partial<Preprocess>): Step {
  return described(strength, { ...description, preprocess: { ...description.preprocess, ...words } });
}

function described(strength: string, description: Description): Step {
  return { strength, files: () => Promise.resolve(new Map([[DESCRIPTION, writeDescription(description)]])) };
}
