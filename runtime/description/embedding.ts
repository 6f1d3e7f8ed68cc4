import { z } from 'zod';
import { detectionProblems, detectorFields } from './detection.ts';
import { complainer, fileInFolder, tensorName } from './fields.ts';

export const embeddingOutput = z
  .strictObject({
    kind: z.literal('embedding'),
    tensor: tensorName.optional().describe('Name of the ONNX output, where the model has several.'),
    normalise: z.enum(['none', 'l2']).default('l2').describe('l2: to length 1, so that the dot product is the cosine.'),
  })
  .default({ kind: 'embedding', normalise: 'l2' })
  .describe('One vector a picture, [N, D]: ArcFace, MobileFaceNet, OSNet, CLIP’s image encoder.');

const detector = z
  .strictObject({
    weights: fileInFolder,
    ...detectorFields,
    threshold: z.number().describe('From which score on a box counts as found.'),
  })
  .check((checked) => detectionProblems(checked.value, complainer(checked)));

export const align = z
  .strictObject({
    by: z
      .enum(['five-points', 'box'])
      .default('five-points')
      .describe(
        'five-points: eyes, nose and corners of the mouth are moved to where ArcFace has them, by a similarity transform. box: the box is cut out.',
      ),
    detector,
  })
  .describe('Finds the largest face or subject first. A picture without one is answered with found: 0.');

export type EmbeddingOutput = z.output<typeof embeddingOutput>;
