import { afterEach, beforeEach } from 'vitest';
import sharp from 'sharp';
import type { Dataset } from '../dataset.ts';
import { FileSampleSource } from './file-sample-source.ts';
import { pinDataset } from './pin-dataset.ts';
import { makeWorkplace, type Workplace } from './repository.fixture.ts';

/** A red JPEG, 200 wide and 100 high. */
export const picture = await sharp({ create: { width: 200, height: 100, channels: 3, background: 'red' } })
  .jpeg()
  .toBuffer();

const manifest = (task: string, rest: string): string =>
  `version: 1\nkind: research\ntask: ${task}\nroot: ../../data\npins: bench.sha256\n${rest}`;

/** Each test has a workplace of its own, whose dataset is `bench`. */
export function benchOfOwn() {
  let place: Workplace;
  beforeEach(async () => {
    place = await makeWorkplace();
  });
  afterEach(() => place.remove());
  const load = async (): Promise<Dataset> => (await new FileSampleSource().load(place.ref('datasets/bench.yaml'))).dataset;
  const pinned = async (task: string, rest: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<Dataset> => {
    const data = Object.entries(files).map(([name, content]) => [
      name.startsWith('repository/') ? name : `data/${name}`,
      content,
    ]);
    await place.write({ 'repository/datasets/bench.yaml': manifest(task, rest), ...Object.fromEntries(data) });
    await pinDataset('datasets/bench.yaml', place.path('repository'));
    return await load();
  };
  return { place: () => place, load, pinned };
}
