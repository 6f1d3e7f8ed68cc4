import { z } from 'zod';
import { parseYaml } from '#kernel';

/** The words of model.yaml that a change made for an audit may touch; all others stay as they are. */
const numbers = z.union([z.number(), z.array(z.number())]);
const schema = z.looseObject({
  task: z.string(),
  labels: z.union([z.array(z.string()), z.string()]).optional(),
  weights: z.record(z.string(), z.string()),
  align: z.unknown().optional(),
  preprocess: z.looseObject({
    resize: z.looseObject({
      width: z.number().optional(),
      height: z.number().optional(),
      'shorter-side': z.number().optional(),
      fit: z.string().optional(),
      place: z.string().optional(),
      pad: numbers.optional(),
      kernel: z.string(),
    }),
    crop: z.strictObject({ width: z.number(), height: z.number() }).optional(),
    channels: z.string().default('rgb'),
    mean: numbers.optional(),
  }),
});

export type Description = z.output<typeof schema>;
export type Preprocess = Description['preprocess'];

export const DESCRIPTION = 'model.yaml';

/** @throws CouldNotRun when it is no model.yaml */
export function readDescription(text: string): Description {
  return parseYaml(text, DESCRIPTION, schema).value;
}

/** JSON is YAML too. */
export function writeDescription(description: Description): string {
  return `${JSON.stringify(description, undefined, 2)}\n`;
}
