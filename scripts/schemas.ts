/** Writes the JSON Schema of every public file format to docs/schemas. A test compares them with what is committed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicSchemas, schemaText } from '../cli/schemas.ts';
import { modelDescriptionSchema } from '../runtime/model-description.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'schemas');
const all = {
  ...publicSchemas,
  'model.schema.json': { schema: modelDescriptionSchema, io: 'input', title: 'model.yaml' } as const,
};

mkdirSync(folder, { recursive: true });
for (const [name, { schema, io, title }] of Object.entries(all)) {
  writeFileSync(join(folder, name), schemaText(schema, io, title));
  console.log(`docs/schemas/${name}`);
}
