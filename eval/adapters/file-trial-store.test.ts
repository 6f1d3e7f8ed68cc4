import { appendFile, mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import type { ClipTrial, SampleTrial, TrialKey } from '../../tasks/trial.ts';
import { fileClipTrials, fileSampleTrials } from './file-trial-store.ts';

const key: TrialKey = {
  model: digestOf('model'),
  runtime: null,
  variant: 'fp32',
  dataset: digestOf('dataset'),
  chipsetKey: digestOf('chipset'),
  threshold: null,
  metricVersion: 1,
};
const trial = (sample: string): SampleTrial => ({
  sample,
  truth: 1,
  ranked: [1, 0],
  score: { truth: 0.9, best: 0.9 },
  tied: false,
});
let folder: string;
const fileOf = async () => join(folder, (await readdir(folder))[0] ?? '');

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'fieldproof-')), 'trials');
});

describe('trials kept in files', () => {
  it('are read back by another store of the same folder, in the order in which they were made', async () => {
    await fileSampleTrials(folder).append(key, [trial('a'), trial('b')]);
    await fileSampleTrials(folder).append(key, [trial('c')]);
    expect(await fileSampleTrials(folder).read(key)).toEqual([trial('a'), trial('b'), trial('c')]);
  });

  it('are none for a key that differs in anything', async () => {
    await fileSampleTrials(folder).append(key, [trial('a')]);
    expect(await fileSampleTrials(folder).read({ ...key, variant: 'int8' })).toEqual([]);
    expect(await fileSampleTrials(folder).read({ ...key, metricVersion: 2 })).toEqual([]);
  });

  it('keep whole lines only, wherever a write was cut', async () => {
    const store = fileSampleTrials(folder);
    await store.append(key, [trial('a'), trial('b')]);
    const file = await fileOf();
    const whole = await readFile(file, 'utf8');
    const endOfA = whole.lastIndexOf('\n', whole.length - 2);
    for (let length = 0; length < whole.length - 1; length += 1) {
      await writeFile(file, whole);
      await truncate(file, length);
      expect(await store.read(key)).toEqual(length < endOfA ? [] : [trial('a')]);
      await store.append(key, [trial('c')]);
      expect((await store.read(key)).at(-1)).toEqual(trial('c'));
    }
  });

  it('count a sample once, though two checks wrote it', async () => {
    await Promise.all([fileSampleTrials(folder).append(key, [trial('a')]), fileSampleTrials(folder).append(key, [trial('a')])]);
    expect(await fileSampleTrials(folder).read(key)).toEqual([trial('a')]);
  });

  it('are not taken from a line that says something else', async () => {
    const store = fileSampleTrials(folder);
    await store.append(key, [trial('a')]);
    await appendFile(await fileOf(), '{"sample":"b","truth":null}\nnot json\n');
    expect(await store.read(key)).toEqual([trial('a')]);
  });

  it('hold clips too', async () => {
    const clip: ClipTrial = {
      clip: 'night.mp4',
      site: 'berlin',
      conditions: { light: 'night' },
      seconds: 10,
      truth: [{ label: 'person', start: 1, end: 2 }],
      detections: [{ label: 'person', start: 1, end: 2, alarm: 1.5, peak: 0.9 }],
      matches: [{ truth: 0, detection: 0, delay: 0.5 }],
    };
    await fileClipTrials(folder).append(key, [clip]);
    expect(await fileClipTrials(folder).read(key)).toEqual([clip]);
  });

  it('say which file could not be written, and what to do', async () => {
    await writeFile(folder, 'a file where the folder should be');
    await expect(fileSampleTrials(folder).append(key, [trial('a')])).rejects.toThrow(/trials: could not be written\n {2}remedy:/);
  });
});
