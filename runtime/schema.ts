import { z } from 'zod';
import { modelDescriptionSchema } from './model-description.ts';

/** The JSON Schema of model.yaml, for editors and for the documentation. */
export function modelDescriptionJsonSchema(): object {
  return z.toJSONSchema(modelDescriptionSchema, { io: 'input' });
}
