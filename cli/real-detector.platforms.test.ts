import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScoredDataset } from '../report/documents/score-report.ts';
import { withoutEngine } from '../testing/test-image.ts';
import { mustRun, withoutRealData } from '../testing/worlds/real-data.ts';
import { COCO, scoreReal, valueOf, VOC } from '../testing/worlds/real-models.ts';

const lacking = withoutRealData ?? (await withoutEngine());
const RUNTIME = 'fieldproof-runtime:real-detector-test';

/** On the stock runtime for its Node, its decoder of pictures and its ONNX Runtime; the program is its own. */
const dockerfile = `FROM ${RUNTIME}
COPY server.ts /app/server.ts
COPY fastestdet-352.onnx labels.txt /model/
ENTRYPOINT ["/usr/local/bin/node", "/app/server.ts"]
CMD ["/model"]
`;

describe.skipIf(lacking !== null)(
  `a detector in a container of its own, on real pictures${lacking === null ? '' : `: ${lacking}`}`,
  () => {
    let scored: ScoredDataset;

    beforeAll(async () => {
      await mustRun(path.join(import.meta.dirname, '..'), ['runtime', '--load', RUNTIME]);
      const server = await readFile(path.join(import.meta.dirname, '../testing/model-servers/fastestdet.ts'), 'utf8');
      const files = { Dockerfile: dockerfile, 'server.ts': server, 'labels.txt': `${COCO.join('\n')}\n` };
      scored = await scoreReal({ task: 'detection', weights: 'fastestdet-352.onnx', files }, VOC, ['--runner', 'docker']);
    });
    afterAll(async () => await execa('docker', ['rmi', RUNTIME], { reject: false }));

    it('FastestDet has the AP, AP50 and AR100 that pycocotools gives it', () => {
      const found = ['ap', 'ap50', 'ar100'].map((name) => valueOf(scored, name));
      console.log(`FastestDet: AP, AP50, AR100 ${found.map((value) => value.toFixed(4)).join(', ')}`);
      // By a loop of Pillow, ONNX Runtime and pycocotools.
      const told = [0.311, 0.574, 0.407];
      expect(found.map((value, at) => Math.abs(value - (told[at] ?? -1)) < 0.01)).toEqual([true, true, true]);
    });

    it('its classes are found by name: sixty of the eighty are not asked about, and six have another name', () => {
      expect(scored.notes.join('\n')).toMatch(
        /has 6 classes that the dataset calls by another name[^]*knows 80 classes, of which the dataset asks about 20/,
      );
    });
  },
);
