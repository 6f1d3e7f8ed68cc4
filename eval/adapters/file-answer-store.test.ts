import { appendFile, mkdtemp, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf, releaseOf } from '#kernel';
import { rankingSchema, type Ranking } from '../../tasks/classification/answer.ts';
import { detectionsSchema } from '../../tasks/events/answer.ts';
import type { TrialKey } from '../subject.ts';
import { fileAnswerStore } from './file-answer-store.ts';

const key: TrialKey = {
  release: releaseOf({ model: digestOf('model'), runtime: null }),
  variant: 'fp32',
  dataset: digestOf('dataset'),
  chipsetKey: digestOf('chipset'),
  threshold: null,
  taskVersion: 1,
};
const answer = (id: string): Ranking => ({ id, ranked: [1, 0], scores: [0.9, 0.1], more: 0 });
const rankings = (of: string) => fileAnswerStore(of, rankingSchema, ({ id }) => id);
let folder: string;
const fileOf = async () => join(folder, (await readdir(folder))[0] ?? '');

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'fieldproof-')), 'trials');
});

describe('answers kept in files', () => {
  it('are read back by another store of the same folder, in the order in which they were made', async () => {
    await rankings(folder).append(key, [answer('a'), answer('b')]);
    await rankings(folder).append(key, [answer('c')]);
    expect(await rankings(folder).read(key)).toEqual([answer('a'), answer('b'), answer('c')]);
  });

  it('stand beside what the model calls its classes and how it was asked, which are no answers', async () => {
    expect(await rankings(folder).readServed(key)).toEqual({ labels: null, manner: null });
    await rankings(folder).keepServed(key, { labels: ['tench', 'crane'], manner: null });
    await rankings(folder).append(key, [answer('a')]);
    await rankings(folder).keepServed(key, { labels: null, manner: 'By JSON.' });
    expect(await rankings(folder).readServed(key)).toEqual({ labels: ['tench', 'crane'], manner: 'By JSON.' });
    expect(await rankings(folder).read(key)).toEqual([answer('a')]);
  });

  it('are none for a key that differs in anything', async () => {
    await rankings(folder).append(key, [answer('a')]);
    expect(await rankings(folder).read({ ...key, variant: 'int8' })).toEqual([]);
    expect(await rankings(folder).read({ ...key, taskVersion: 2 })).toEqual([]);
  });

  it('keep whole lines only, wherever a write was cut', async () => {
    const store = rankings(folder);
    await store.append(key, [answer('a'), answer('b')]);
    const file = await fileOf();
    const whole = await readFile(file, 'utf8');
    const endOfA = whole.lastIndexOf('\n', whole.length - 2);
    for (let length = 0; length < whole.length - 1; length += 1) {
      await writeFile(file, whole);
      await truncate(file, length);
      expect(await store.read(key)).toEqual(length < endOfA ? [] : [answer('a')]);
      await store.append(key, [answer('c')]);
      expect((await store.read(key)).at(-1)).toEqual(answer('c'));
    }
  });

  it('count a sample once, though two checks wrote it', async () => {
    await Promise.all([rankings(folder).append(key, [answer('a')]), rankings(folder).append(key, [answer('a')])]);
    expect(await rankings(folder).read(key)).toEqual([answer('a')]);
  });

  it('are not taken from a line that says something else', async () => {
    const store = rankings(folder);
    await store.append(key, [answer('a')]);
    await appendFile(await fileOf(), '{"id":"b","ranked":null}\nnot json\n');
    expect(await store.read(key)).toEqual([answer('a')]);
  });

  it('hold clips too', async () => {
    const store = fileAnswerStore(folder, detectionsSchema, ({ id }) => id);
    const clip = { id: 'night.mp4', detections: [{ label: 'person', start: 1, end: 2, alarm: 1.5, peak: 0.9 }] };
    await store.append(key, [clip]);
    expect(await store.read(key)).toEqual([clip]);
  });

  it('say which file could not be written, and what to do', async () => {
    await writeFile(folder, 'a file where the folder should be');
    await expect(rankings(folder).append(key, [answer('a')])).rejects.toThrow(/trials: could not be written\n {2}remedy:/);
  });
});
