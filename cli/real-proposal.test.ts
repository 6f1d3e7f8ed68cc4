import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mustRun, realData, withoutRealData } from '../testing/worlds/real-data.ts';

describe.skipIf(withoutRealData !== null)(
  `a model.yaml that is proposed for real weights${withoutRealData === null ? '' : `: ${withoutRealData}`}`,
  () => {
    it('UltraFace, exported without its last step: one picture shows that its boxes are no corners', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-real-'));
      try {
        const faces = path.join(realData, 'verification/images');
        for (const [at, name] of (await readdir(faces)).toSorted().slice(0, 2).entries()) {
          await mkdir(path.join(folder, 'faces', `person ${at}`), { recursive: true });
          await copyFile(path.join(faces, name), path.join(folder, 'faces', `person ${at}`, name));
        }
        const weights = path.join(realData, 'models/ultraface-slim-320.onnx');
        await mustRun(folder, ['init', '--model', weights, '--images', 'faces', '--task', 'detection']);
        const model = parse(await readFile(path.join(folder, 'models/ultraface-slim-320/model.yaml'), 'utf8')) as object;
        // As docs/models.md has it of UltraFace.
        expect(model).toMatchObject({
          labels: ['face'],
          output: {
            kind: 'priors',
            background: 'first',
            variances: [0.1, 0.2],
            levels: [
              { stride: 8, sizes: [10, 16, 24] },
              { stride: 16, sizes: [32, 48] },
              { stride: 32, sizes: [64, 96] },
              { stride: 64, sizes: [128, 192, [256, 240]] },
            ],
          },
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  },
);
