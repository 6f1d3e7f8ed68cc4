import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseYaml } from '#kernel';
import { modelDescriptionSchema } from './model-description.ts';

const document = readFileSync(new URL('../docs/models.md', import.meta.url), 'utf8');

/** The rows of the table of exports: what exports, and its two pieces of model.yaml. */
const rows = [...document.matchAll(/^\| ([^|]+) \|[^|]*\| `(\{ kind[^|`]*)`[^|]* \| (?:`(\{[^|`]*)`|the same)[^|]* \|$/gm)];

describe('docs/models.md', () => {
  // Others are parts of fieldproof.yaml.
  it.each([...document.matchAll(/^```yaml\n(version: 1\nname: (\S+)[^]*?)^```$/gm)].map(([, text, name]) => [name, text]))(
    'shows a model.yaml that is one: %s',
    (_, text = '') => {
      expect(parseYaml(text, 'model.yaml', modelDescriptionSchema).value.version).toBe(1);
    },
  );

  it('has a row for each family that is exported', () => {
    expect(rows.length).toBe(document.match(/^\| [^|]+\|[^|]*\| `\{ kind/gm)?.length);
    expect(rows.length).toBeGreaterThan(15);
  });

  it.each(
    rows.map(([, family = '', output = '', postprocess = '{ nms: per-class, iou: 0.45 }']) => [family, output, postprocess]),
  )('has words that model.yaml knows: %s', (_, output, postprocess) => {
    const description = {
      version: 1,
      name: 'a',
      task: 'detection',
      weights: { default: 'a.onnx' },
      preprocess: { resize: { width: 640, height: 640, kernel: 'linear' } },
      output: parse(output) as unknown,
      postprocess: parse(postprocess) as unknown,
    };
    expect(modelDescriptionSchema.safeParse(description).error?.issues).toBeUndefined();
  });
});
