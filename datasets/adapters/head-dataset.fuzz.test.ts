import { realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { folderOfInputs, forAllFiles } from '../../testing/fuzz.ts';
import { traceReads } from '../../testing/traced-reads.ts';
import type { ManifestRef } from '../sample-source.ts';
import { FileSampleSource } from './file-sample-source.ts';
import { CANARY, datasets, filesOf, writeData, type Brought } from './hostile-dataset.fixture.ts';

let top: string;
let brought: Brought;
let trace: ReturnType<typeof traceReads>;

beforeAll(async () => {
  top = folderOfInputs('head');
  const picture = sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } });
  brought = await writeData(top, await picture.png().toBuffer());
  trace = traceReads();
});
afterAll(async () => {
  trace.stop();
  await rm(top, { recursive: true, force: true });
});

describe('a dataset that a pull request brings', () => {
  it('is loaded and read, or refused: nothing outside its commit is looked at, and no word of what is there is told', async () => {
    const { commit } = brought;
    const loaded = new Set<string>();
    await forAllFiles(datasets, async (input) => {
      await writeFile(path.join(commit, 'clips/night.m3u8'), input.texts['night.m3u8']);
      const files = filesOf(input, brought);
      const ref: ManifestRef = {
        name: 'mine',
        path: 'datasets/mine.yaml',
        readFile: (file) => Promise.resolve(Object.hasOwn(files, file) ? files[file] : undefined),
        data: { kind: 'commit', by: 'head', extract },
      };
      trace.seen();
      const told = await loadAndRead(ref);
      const outside = trace
        .seen()
        .filter((file) => file.startsWith(top) && file !== commit && !file.startsWith(`${commit}${path.sep}`));
      expect(outside).toEqual([]);
      expect(told.words).not.toContain(CANARY);
      expect(told.words).not.toContain(`found sha256:`);
      if (told.task !== null) loaded.add(told.task);
    });
    // Where all were refused at the first name, nothing would have been tried.
    expect([...loaded].toSorted()).toEqual(['classification', 'detection', 'events', 'search', 'verification']);
  });
});

/** As Git has it: a path of a commit goes through no link. */
async function extract(folder: string): Promise<string> {
  const at = path.join(brought.commit, folder);
  if ((await realpath(at).catch(() => undefined)) === at) return at;
  throw new CouldNotRun({ file: folder, message: 'no such folder', remedy: '' });
}

async function loadAndRead(ref: ManifestRef): Promise<{ words: string; task: string | null }> {
  try {
    const open = await new FileSampleSource().load(ref);
    const { dataset } = open;
    if (dataset.medium === 'pictures') for (const sample of dataset.samples) await open.read(sample);
    else for (const clip of dataset.clips) for await (const _ of open.frames(clip, 1)) continue;
    return { words: JSON.stringify(dataset), task: dataset.task };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return { words: thrown.message, task: null };
  }
}
