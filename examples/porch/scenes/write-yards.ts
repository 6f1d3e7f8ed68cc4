import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { HEIGHT, WIDTH } from './canvas.ts';
import { renderVisitor, VISITOR } from './visitors.ts';
import type { Progress } from './write-dataset.ts';
import { KINDS, renderYard } from './yard.ts';

type Counted = { readonly seed: number; readonly count: number; readonly onProgress?: Progress };

/** `images/<name>.jpg`, and `yards.json` with the boxes in COCO's form. */
export async function writeYards(directory: string, { seed, count, onProgress }: Counted): Promise<void> {
  await mkdir(path.join(directory, 'images'), { recursive: true });
  const images: object[] = [];
  const annotations: object[] = [];
  for (let index = 0; index < count; index += 1) {
    const yard = renderYard('yard', seed, index);
    const file = `${String(index + 1).padStart(4, '0')}.jpg`;
    await writeFile(path.join(directory, 'images', file), await jpegOf(yard.pixels, WIDTH, HEIGHT));
    images.push({ id: index + 1, file_name: file, width: WIDTH, height: HEIGHT });
    for (const { kind, box, ignore } of yard.boxes) {
      const bbox = box.map((pixels) => Math.round(pixels * 10) / 10);
      const area = (bbox[2] ?? 0) * (bbox[3] ?? 0);
      const id = annotations.length + 1;
      annotations.push({
        id,
        image_id: index + 1,
        category_id: KINDS.indexOf(kind) + 1,
        bbox,
        area,
        iscrowd: 0,
        ignore: Number(ignore),
      });
    }
    onProgress?.(index + 1, count, 'yards');
  }
  const categories = KINDS.map((name, index) => ({ id: index + 1, name }));
  await writeFile(path.join(directory, 'yards.json'), JSON.stringify({ images, annotations, categories }));
}

/** `<visitor>/<take>.jpg`, as many takes of each. */
export async function writeVisitors(directory: string, { seed, count, onProgress }: Counted, takes: number): Promise<void> {
  for (let identity = 0; identity < count; identity += 1) {
    const folder = path.join(directory, `visitor-${String(identity + 1).padStart(3, '0')}`);
    await mkdir(folder, { recursive: true });
    for (let take = 0; take < takes; take += 1) {
      const pixels = await renderVisitor('visitor', seed, identity, take);
      await writeFile(path.join(folder, `${take + 1}.jpg`), await jpegOf(pixels, VISITOR.width, VISITOR.height));
    }
    onProgress?.(identity + 1, count, 'visitors');
  }
}

async function jpegOf(pixels: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}
