import path from 'node:path';
import { CouldNotRun } from '#kernel';
import type { WorkingTree } from '#git';
import type { Images } from './first-files.ts';

/**
 * What lies in a folder of pictures: Ultralytics' data.yaml, or a subfolder for each class.
 * @throws CouldNotRun when it is neither
 */
export async function findImages(tree: WorkingTree, named: string): Promise<Images> {
  const names = await tree.list(named);
  const folder = path.relative(tree.folder, path.resolve(tree.folder, named));
  if (names.includes('data.yaml')) {
    const text = await tree.read(path.join(named, 'data.yaml'));
    const splits = new Set([...text.matchAll(/^(val|test|train):/gm)].map(([, name]) => name));
    return { kind: 'yolo', folder, text, split: ['val', 'test', 'train'].find((split) => splits.has(split)) ?? 'val' };
  }
  const classes = names.filter((name) => name.endsWith('/') && !name.startsWith('.')).map((name) => name.slice(0, -1));
  if (classes.length >= 2) {
    const lists = await Promise.all(classes.map(async (name) => await tree.list(path.join(named, name))));
    const count = lists.flat().filter((name) => /\.(jpe?g|png|webp|bmp)$/i.test(name)).length;
    return { kind: 'folders', folder, classes, areMatched: false, ...(count > 0 && { count }) };
  }
  throw new CouldNotRun({
    file: named,
    message: `has ${classes.length} subfolders, and each class needs one`,
    remedy:
      'put the pictures of each class into a subfolder named after it, or name the folder of a data.yaml, or write a manifest (docs/datasets.md)',
  });
}
