import { z } from 'zod';
import { complainer, type Complain } from './fields.ts';

const KERNELS = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021'] as const;
const CHANNELS = { rgb: 3, bgr: 3, gray: 1 } as const;

const pixels = z.number().int().min(1).max(4096);
const level = z.number().int().min(0).max(255);
const perChannel = z.union([z.number(), z.array(z.number()).min(1).max(3)]);

const resize = z
  .strictObject({
    width: pixels.optional(),
    height: pixels.optional(),
    'shorter-side': pixels.optional().describe('Keeps the shape: the shorter side gets this length. Needs a crop.'),
    fit: z
      .enum(['stretch', 'letterbox'])
      .optional()
      .describe('stretch (the default): exactly width and height. letterbox: as large as fits, its shape kept, the rest padded.'),
    place: z
      .enum(['centre', 'top-left'])
      .optional()
      .describe(
        'Where a letterboxed picture lies. centre (the default) rounds its size as Ultralytics does, top-left cuts it as YOLOX and insightface do.',
      ),
    pad: z
      .union([level, z.tuple([level, level, level])])
      .optional()
      .describe(
        'What fills the rest of a letterbox: a pixel value, or red, green and blue. 114 for the YOLO family, 0 for SCRFD.',
      ),
    kernel: z.enum(KERNELS).describe('As sharp and libvips name them; reducing is antialiased with every one but nearest.'),
  })
  .check((checked) => resizeProblems(checked.value, complainer(checked)));

const common = {
  resize,
  crop: z.strictObject({ width: pixels, height: pixels }).optional().describe('The centre of the resized picture.'),
  channels: z.enum(['rgb', 'bgr', 'gray']).default('rgb'),
  layout: z.enum(['nchw', 'nhwc']).default('nchw'),
  type: z.enum(['float32', 'float16', 'uint8']).optional().describe('What the ONNX input takes; found in the file when absent.'),
  range: z.tuple([z.number(), z.number()]).default([0, 255]).describe('What the pixel values 0 and 255 become.'),
  mean: perChannel.default(0).describe('Subtracted, in units of range, in the order of channels.'),
  std: perChannel.default(1).describe('Divides what is left.'),
};

export const preprocess = z
  .strictObject({
    ...common,
    orientation: z
      .enum(['stored', 'exif'])
      .default('stored')
      .describe('stored: pixels as the file holds them, as PIL and torchvision read them. exif: turned upright as EXIF says.'),
  })
  .check((checked) => preprocessProblems(checked.value, complainer(checked)));

/** Boxes are told in the upright picture, so a detector is shown no other; nor is who embeds what it found. */
export const uprightPreprocess = z
  .strictObject({
    ...common,
    orientation: z
      .literal('exif', { error: 'detectors and embedders see pictures upright, as boxes are told: leave it out, or write exif' })
      .default('exif')
      .describe('Detectors and embedders see pictures turned upright as EXIF says, for boxes are told in them.'),
  })
  .check((checked) => preprocessProblems(checked.value, complainer(checked)));

/** How a picture becomes the model's input. */
export type Preprocess = z.output<typeof preprocess>;

export function channelCount(value: Pick<Preprocess, 'channels'>): 1 | 3 {
  return CHANNELS[value.channels];
}

/** Whether the model's numbers are the pixels' own. */
export function isPlain({ range, mean, std }: Pick<Preprocess, 'range' | 'mean' | 'std'>): boolean {
  const [low, high] = range;
  return low === 0 && high === 255 && [mean].flat().every((value) => value === 0) && [std].flat().every((value) => value === 1);
}

/** Width and height of what the model is given, in pixels. */
export function inputSize({ resize: { width = 0, height = 0 }, crop }: Pick<Preprocess, 'resize' | 'crop'>): {
  width: number;
  height: number;
} {
  return crop ?? { width, height };
}

function resizeProblems(value: z.output<typeof resize>, problem: Complain): void {
  const side = value['shorter-side'] !== undefined;
  const bySize = value.width !== undefined && value.height !== undefined && !side;
  const bySide = value.width === undefined && value.height === undefined && side;
  if (!bySize && !bySide) problem([], 'give either width and height, or shorter-side');
  if (value.fit !== undefined && side) problem(['fit'], 'goes with width and height, not with shorter-side');
  if (value.fit === 'letterbox' && value.pad === undefined)
    problem(['fit'], 'letterbox needs pad, the value of what the picture does not fill: 114 for the YOLO family, 0 for SCRFD');
  for (const field of ['place', 'pad'] as const)
    if (value.fit !== 'letterbox' && value[field] !== undefined) problem([field], 'goes with fit: letterbox alone');
}

function preprocessProblems(value: Omit<Preprocess, 'orientation'>, problem: Complain): void {
  for (const field of ['mean', 'std'] as const) {
    const given = value[field];
    const wanted = CHANNELS[value.channels];
    if (Array.isArray(given) && given.length !== wanted)
      problem([field], `expected ${wanted} numbers, one per channel of ${value.channels}`);
  }
  if ([value.std].flat().includes(0)) problem(['std'], 'must not be 0: it divides');
  if (value.type === 'uint8' && !isPlain(value))
    problem(['type'], 'a uint8 input takes pixels as they are: no range, mean or std');
  cropProblem(value, problem);
}

function cropProblem({ crop, resize: to }: Pick<Preprocess, 'crop' | 'resize'>, problem: Complain): void {
  const side = to['shorter-side'];
  if (side !== undefined && crop === undefined) problem(['resize'], 'shorter-side leaves one side open: add a crop');
  const { width = side, height = side } = to;
  if (crop === undefined || width === undefined || height === undefined) return;
  if (to.fit === 'letterbox') problem(['crop'], 'a letterbox has the size of the input already: remove crop');
  if (crop.width > width || crop.height > height) problem(['crop'], `is larger than the resized picture (${width}x${height})`);
}
