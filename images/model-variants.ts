import { parseYaml } from '#kernel';
import { z } from 'zod';

const weightsSchema = z.looseObject({ weights: z.union([z.string(), z.record(z.string(), z.unknown())]) });

/** The weight variants that a model.yaml offers; `default` is one of them. Throws CouldNotRun with the line of what is wrong. */
export function variantsOfModel(text: string, file: string): readonly string[] {
  const { weights } = parseYaml(text, file, weightsSchema).value;
  return typeof weights === 'string' ? ['default'] : Object.keys(weights);
}
