import { describe, expect, it } from 'vitest';
import { silentProgress } from '#kernel';
import { openModelPool } from '#runners';
import type { Answer } from '#tasks';
import type { AnswerStore, Served, TrialKey } from '#eval';
import { fakeModelRunner } from '../../../testing/fakes/fake-model-runner.ts';
import { resolvedNamed } from '../../../testing/worlds/named-releases.ts';
import { bench, ITEMS, openSmall, street } from '../../../testing/worlds/small-datasets.ts';
import { collectAnswers, type Collector } from './collect-answers.ts';

const chipset = {
  name: 'edge',
  platform: 'linux/amd64',
  at: { kind: 'local' as const },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: null },
};
const key = { cpuModel: 'one', cpuFlags: [], cores: 2, governor: null, provider: 'cpu', threads: 1 };
const subject = { ...resolvedNamed('new'), chipset, key, label: 'candidate' };

/** A model that counts what it is asked, and where answers are kept. */
function collecting({ kept = [], breaksAfter = Infinity }: { kept?: readonly Answer[]; breaksAfter?: number } = {}) {
  const asked: number[] = [];
  const stored: { key: TrialKey | null; served: Served; answers: Answer[] } = {
    key: null,
    served: { labels: null, manner: null },
    answers: [...kept],
  };
  const runner = fakeModelRunner(() => ({
    classes: 3,
    threshold: 0.5,
    score: (picture) => {
      if (asked.length >= breaksAfter) throw new Error('it crashed');
      asked.push(picture[1] ?? -1);
      return [0.8, 0.1, 0.1];
    },
  }));
  const store: AnswerStore<Answer> = {
    read: async () => stored.answers,
    append: async (of, answers) => {
      stored.key = of;
      stored.answers.push(...answers);
    },
    readServed: async () => stored.served,
    keepServed: async (_, served) => void (stored.served = served),
  };
  const collector: Collector = {
    answers: () => store,
    pool: openModelPool(runner),
    progress: silentProgress,
    fresh: false,
    threshold: 0.25,
  };
  return { asked, stored, collector };
}

const idsOf = (answers: readonly Answer[]) => answers.map(({ id }) => id);
const allIds = bench.samples.map(({ id }) => id);

describe('the answers to a dataset', () => {
  it('are one for each of its items, in its order, and are kept', async () => {
    const { asked, stored, collector } = collecting();
    const { answers, reused, task } = await collectAnswers(subject, openSmall(bench), collector);
    expect([idsOf(answers), reused, task]).toEqual([allIds, 0, 'classification']);
    expect(asked).toHaveLength(ITEMS);
    expect(new Set(idsOf(stored.answers))).toEqual(new Set(allIds));
  });

  it('are asked for where they are missing, and counted where they were there', async () => {
    const first = await collectAnswers(subject, openSmall(bench), collecting().collector);
    const { asked, collector } = collecting({ kept: first.answers.slice(10) });
    const { answers, reused } = await collectAnswers(subject, openSmall(bench), collector);
    expect(asked.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([idsOf(answers), reused]).toEqual([allIds, ITEMS - 10]);
  });

  it('start no model where all are there', async () => {
    const first = await collectAnswers(subject, openSmall(bench), collecting().collector);
    const { collector } = collecting({ kept: first.answers });
    const pool = { ...collector.pool, use: () => Promise.reject(new Error('it was started')) };
    expect((await collectAnswers(subject, openSmall(bench), { ...collector, pool })).reused).toBe(ITEMS);
  });

  it('are all asked for anew where nothing may be reused', async () => {
    const first = await collectAnswers(subject, openSmall(bench), collecting().collector);
    const { asked, collector } = collecting({ kept: first.answers });
    expect((await collectAnswers(subject, openSmall(bench), { ...collector, fresh: true })).reused).toBe(0);
    expect(asked).toHaveLength(ITEMS);
  });

  it('leave out what was kept of something that the dataset no longer has', async () => {
    const { collector } = collecting({ kept: [{ id: 'gone.png' }] });
    expect(idsOf((await collectAnswers(subject, openSmall(bench), collector)).answers)).toEqual(allIds);
  });

  it('are kept as they come: a model that crashes has answered so far', async () => {
    const { stored, collector } = collecting({ breaksAfter: 40 });
    await expect(collectAnswers(subject, openSmall(bench), collector)).rejects.toThrow('it crashed');
    expect(stored.answers.length).toBeGreaterThan(0);
    expect(stored.answers.length).toBeLessThanOrEqual(40);
  });

  it.each([
    ['pictures know no threshold', bench, null],
    ['clips are asked with that of the configuration', street, 0.25],
  ])('are kept under what they depend on: %s', async (_, dataset, threshold) => {
    const { stored, collector } = collecting();
    await collectAnswers(subject, openSmall(dataset), collector);
    expect(stored.key).toMatchObject({ release: subject.release, variant: 'default', dataset: dataset.digest, threshold });
  });
});
