import { z } from 'zod';
import { detectionProblems, detectorFields, threshold } from './description/detection.ts';
import { align, embeddingOutput } from './description/embedding.ts';
import { complainer, fileInFolder } from './description/fields.ts';
import { inputSize, preprocess, uprightPreprocess } from './description/preprocess.ts';

const common = {
  version: z.literal(1),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'expected lower-case letters, digits, dots, dashes: it is part of an address'),
  labels: z
    .union([z.array(z.string().min(1)).min(1), fileInFolder])
    .optional()
    .describe('Class names in the order of the output: a list, or a text file with one per line.'),
  weights: z
    .object({ default: fileInFolder })
    .catchall(fileInFolder)
    .describe('ONNX file of each variant, such as int8 or fp16.'),
};
const { labels: _, ...withoutLabels } = common;
const input = detectorFields.input;

const classification = z.strictObject({
  ...common,
  task: z.literal('classification'),
  threshold,
  input,
  output: z.string().optional().describe('Name of the ONNX output that holds the scores, where the model has several.'),
  preprocess,
  postprocess: z.strictObject({ activation: z.enum(['none', 'softmax']).default('none') }).default({ activation: 'none' }),
});

const detection = z
  .strictObject({ ...common, task: z.literal('detection'), threshold, ...detectorFields })
  .check((checked) => detectionProblems(checked.value, complainer(checked)));

const embedding = z
  .strictObject({
    ...withoutLabels,
    task: z.literal('embedding'),
    input,
    preprocess: uprightPreprocess,
    output: embeddingOutput,
    align: align.optional(),
  })
  .check((checked) => {
    const { width, height } = inputSize(checked.value.preprocess);
    if (checked.value.align?.by === 'five-points' && (width !== height || width % 112 !== 0))
      complainer(checked)(['align', 'by'], 'five points are aligned to 112x112: give the model that size, or a multiple of it');
  });

export const modelDescriptionSchema = z.discriminatedUnion('task', [classification, detection, embedding], {
  error: (issue) => (issue.code === 'invalid_union' ? 'expected classification, detection or embedding' : undefined),
});

/** `model.yaml`: how pictures become the model's input, and its output the answer of its task. */
export type ModelDescription = z.output<typeof modelDescriptionSchema>;
export type Classification = z.output<typeof classification>;
export type EmbeddingModel = z.output<typeof embedding>;
export type DetectionModel = z.output<typeof detection>;
export type { Preprocess } from './description/preprocess.ts';
