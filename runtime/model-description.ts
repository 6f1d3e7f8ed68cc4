import { z } from 'zod';

const KERNELS = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3', 'mks2013', 'mks2021'] as const;
const CHANNELS = { rgb: 3, bgr: 3, gray: 1 } as const;

const fileInFolder = z
  .string()
  .min(1)
  .refine(
    (file) => !/^[/~]|\\|^[A-Za-z]:|(^|\/)\.\.(\/|$)/.test(file),
    'must be a path inside the model folder: relative, without ..',
  )
  .describe('A file inside the model folder.');
const pixels = z.number().int().min(1).max(4096);
const perChannel = z.union([z.number(), z.array(z.number()).min(1).max(3)]);

const resize = z
  .strictObject({
    width: pixels.optional(),
    height: pixels.optional(),
    'shorter-side': pixels.optional().describe('Keeps the shape: the shorter side gets this length. Needs a crop.'),
    kernel: z.enum(KERNELS).describe('As sharp and libvips name them; reducing is antialiased with every one but nearest.'),
  })
  .check(({ value, issues }) => {
    const bySize = value.width !== undefined && value.height !== undefined && value['shorter-side'] === undefined;
    const bySide = value.width === undefined && value.height === undefined && value['shorter-side'] !== undefined;
    if (!bySize && !bySide)
      issues.push({ code: 'custom', input: value, message: 'give either width and height, or shorter-side' });
  });

const preprocess = z
  .strictObject({
    resize,
    crop: z.strictObject({ width: pixels, height: pixels }).optional().describe('The centre of the resized picture.'),
    orientation: z
      .enum(['stored', 'exif'])
      .default('stored')
      .describe('stored: pixels as the file holds them, as PIL and torchvision read them. exif: turned upright as EXIF says.'),
    channels: z.enum(['rgb', 'bgr', 'gray']).default('rgb'),
    layout: z.enum(['nchw', 'nhwc']).default('nchw'),
    type: z
      .enum(['float32', 'float16', 'uint8'])
      .optional()
      .describe('What the ONNX input takes; found in the file when absent.'),
    range: z.tuple([z.number(), z.number()]).default([0, 255]).describe('What the pixel values 0 and 255 become.'),
    mean: perChannel.default(0).describe('Subtracted, in units of range, in the order of channels.'),
    std: perChannel.default(1).describe('Divides what is left.'),
  })
  .check(({ value, issues }) => {
    const problem = (field: string, message: string) => issues.push({ code: 'custom', path: [field], input: value, message });
    for (const field of ['mean', 'std'] as const) {
      const given = value[field];
      const wanted = CHANNELS[value.channels];
      if (Array.isArray(given) && given.length !== wanted)
        problem(field, `expected ${wanted} numbers, one per channel of ${value.channels}`);
    }
    if ([value.std].flat().includes(0)) problem('std', 'must not be 0: it divides');
    if (value.type === 'uint8' && !isPlain(value))
      problem('type', 'a uint8 input takes pixels as they are: no range, mean or std');
    cropProblem(value, problem);
  });

export const modelDescriptionSchema = z.strictObject({
  version: z.literal(1),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'expected lower-case letters, digits, dots, dashes: it is part of an address'),
  task: z.literal('classification'),
  labels: z
    .union([z.array(z.string().min(1)).min(1), fileInFolder])
    .optional()
    .describe('Class names in the order of the output: a list, or a text file with one per line.'),
  threshold: z.number().optional().describe('From which score on a class counts as seen.'),
  weights: z
    .object({ default: fileInFolder })
    .catchall(fileInFolder)
    .describe('ONNX file of each variant, such as int8 or fp16.'),
  input: z.string().optional().describe('Name of the ONNX input, where the model has several.'),
  output: z.string().optional().describe('Name of the ONNX output that holds the scores, where the model has several.'),
  preprocess,
  postprocess: z.strictObject({ activation: z.enum(['none', 'softmax']).default('none') }).default({ activation: 'none' }),
});

/** `model.yaml`: how pictures become the model's input, and its output scores. */
export type ModelDescription = z.output<typeof modelDescriptionSchema>;
export type Preprocess = ModelDescription['preprocess'];

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

type CropAndResize = Pick<Preprocess, 'crop' | 'resize'>;

function cropProblem({ crop, resize: to }: CropAndResize, problem: (field: string, message: string) => void): void {
  const side = to['shorter-side'];
  if (side !== undefined && crop === undefined) problem('resize', 'shorter-side leaves one side open: add a crop');
  const { width = side, height = side } = to;
  if (crop === undefined || width === undefined || height === undefined) return;
  if (crop.width > width || crop.height > height) problem('crop', `is larger than the resized picture (${width}x${height})`);
}
