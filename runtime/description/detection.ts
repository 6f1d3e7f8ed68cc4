import { z } from 'zod';
import { detectionOutput } from './detection-output.ts';
import { tensorName, type Complain } from './fields.ts';
import { uprightPreprocess } from './preprocess.ts';

const sizes = z
  .strictObject({ input: tensorName, order: z.enum(['width-height', 'height-width']).default('width-height') })
  .optional()
  .describe('A second ONNX input [N, 2] that takes the size of the picture: it is given that of the model’s input.');

const postprocess = z.strictObject({
  nms: z
    .enum(['none', 'per-class', 'agnostic'])
    .describe('Non-maximum suppression: none where the model has done it or needs none.'),
  iou: z.number().min(0).max(1).optional().describe('A box that overlaps a better one by more than this is dropped.'),
  keep: z
    .number()
    .min(0)
    .default(0.001)
    .describe('Boxes from this score on are served: low, since average precision needs them. See threshold.'),
  'at-most': z.number().int().min(1).max(10_000).default(300).describe('Boxes of a picture, the best ones.'),
  clip: z.boolean().default(false).describe('Whether boxes are cut at the edges of the picture, as Ultralytics does.'),
});

export const threshold = z.number().optional().describe('From which score on a class counts as seen.');

/** What a detector is, whether it is served itself or finds the face for an embedder. */
export const detectorFields = {
  input: z.string().optional().describe('Name of the ONNX input, where the model has several.'),
  sizes,
  preprocess: uprightPreprocess,
  output: detectionOutput,
  postprocess,
};

export type Detection = {
  input?: string | undefined;
  sizes?: z.output<typeof sizes>;
  preprocess: z.output<typeof uprightPreprocess>;
  output: z.output<typeof detectionOutput>;
  postprocess: z.output<typeof postprocess>;
};

export function detectionProblems(value: Detection & { threshold?: number | undefined }, problem: Complain): void {
  const { nms, iou, keep } = value.postprocess;
  if (nms === 'none' && iou !== undefined) problem(['postprocess', 'iou'], 'goes with nms per-class or agnostic');
  if (nms !== 'none' && iou === undefined) problem(['postprocess', 'nms'], `${nms} needs iou, such as 0.45`);
  if (value.threshold !== undefined && value.threshold < keep)
    problem(['threshold'], `is below postprocess.keep (${keep}): boxes between the two would never be served`);
}
