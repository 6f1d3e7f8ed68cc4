/**
 * Renders what the detector and the matcher learn from, as the runtime would feed them: raw RGB, and boxes or identities.
 *
 *     node export-yards.ts --out DIR [--yards 9000] [--identities 1600] [--takes 8]
 *
 * Seeds begin with `train`, those of the datasets never do: no picture and no person is in both.
 */
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { HEIGHT, WIDTH } from '../scenes/canvas.ts';
import { renderVisitor } from '../scenes/visitors.ts';
import { KINDS, renderYard } from '../scenes/yard.ts';

const INPUT = { width: 128, height: 96 } as const;

/** `yards.rgb`, and `yards.boxes` with a row of float32 a box: picture, class, centre x, centre y, width, height, ignore. */
async function exportYards(directory: string, count: number): Promise<void> {
  const [pictures, boxes] = [
    await open(path.join(directory, 'yards.rgb'), 'w'),
    await open(path.join(directory, 'yards.boxes'), 'w'),
  ];
  const scale = INPUT.width / WIDTH;
  for (let index = 0; index < count; index += 1) {
    const yard = renderYard('train-yard', 1, index);
    const jpeg = await sharp(yard.pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();
    await pictures.write(
      await sharp(jpeg)
        .resize({ ...INPUT, fit: 'fill', kernel: 'linear' })
        .raw()
        .toBuffer(),
    );
    const rows = yard.boxes.map(({ kind, box: [x, y, width, height], ignore }) => {
      return [
        index,
        KINDS.indexOf(kind),
        (x + width / 2) * scale,
        (y + height / 2) * scale,
        width * scale,
        height * scale,
        Number(ignore),
      ];
    });
    await boxes.write(new Uint8Array(Float32Array.from(rows.flat()).buffer));
  }
  await Promise.all([pictures.close(), boxes.close()]);
}

/** `visitors.rgb`: the takes of the first identity, then those of the next. */
async function exportVisitors(directory: string, identities: number, takes: number): Promise<void> {
  const pictures = await open(path.join(directory, 'visitors.rgb'), 'w');
  for (let identity = 0; identity < identities; identity += 1) {
    for (let take = 0; take < takes; take += 1) await pictures.write(await renderVisitor('train-visitor', 1, identity, take));
  }
  await pictures.close();
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'frames' },
    yards: { type: 'string', default: '9000' },
    identities: { type: 'string', default: '1600' },
    takes: { type: 'string', default: '8' },
  },
});
await mkdir(values.out, { recursive: true });
await Promise.all([
  exportYards(values.out, Number(values.yards)),
  exportVisitors(values.out, Number(values.identities), Number(values.takes)),
]);
