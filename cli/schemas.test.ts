import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { modelDescriptionSchema } from '../runtime/model-description.ts';
import { publicSchemas, schemaText } from './schemas.ts';

const all = Object.entries({
  ...publicSchemas,
  'model.schema.json': { schema: modelDescriptionSchema, io: 'input' as const, title: 'model.yaml' },
});
const root = new URL('..', import.meta.url);

describe('the JSON Schemas of public file formats', () => {
  it.each(all)('%s is what `make schemas` writes', async (name, { schema, io, title }) => {
    await expect(schemaText(schema, io, title)).toMatchFileSnapshot(`../docs/schemas/${name}`);
  });

  it.each([
    ['fieldproof.schema.json', 'examples/porch/repository/fieldproof.yaml'],
    ['dataset.schema.json', 'examples/porch/repository/datasets/bench.yaml'],
    ['dataset.schema.json', 'examples/porch/repository/datasets/street.yaml'],
    ['model.schema.json', 'examples/porch/repository/models/porch/model.yaml'],
  ])('%s accepts the example %s', async (name, file) => {
    const schema: object = JSON.parse(await readFile(new URL(`docs/schemas/${name}`, root), 'utf8'));
    const validate = new Ajv2020({ strict: false, formats: { uri: true } }).compile(schema);
    const accepted = validate(parse(await readFile(new URL(file, root), 'utf8')));
    expect({ accepted, errors: validate.errors }).toEqual({ accepted: true, errors: null });
  });
});
