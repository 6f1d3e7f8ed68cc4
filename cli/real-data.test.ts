import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkReal,
  findingOf,
  footageSeconds,
  makeRealRepository,
  modelFolder,
  modelText,
  answersIn,
  withoutRealData,
  type Checked,
  type RealRepository,
} from '../testing/worlds/real-data.ts';

const PICTURES = 200;

describe.skipIf(withoutRealData !== null)(
  `a check with real pictures, a real model and real footage${withoutRealData === null ? '' : `: ${withoutRealData}`}`,
  () => {
    let repository: RealRepository;
    let forgotten: Checked;
    let reversed: Checked;

    const check = async (base: string, head: string) => await checkReal(repository.folder, base, head);

    beforeAll(async () => {
      repository = await makeRealRepository();
      const model = `${modelFolder}/model.yaml`;
      const right = await modelText(repository.folder, 'with mean');
      await repository.branch('words-only', 'main', { 'README.md': 'A picture says more.\n' });
      await repository.branch('no-mean', 'main', { [model]: await modelText(repository.folder, 'mean forgotten') });
      await repository.branch('mean-again', 'no-mean', { [model]: right });
      forgotten = await check('main', 'no-mean');
      reversed = await check('no-mean', 'mean-again');
    });
    afterAll(async () => await repository.remove());

    it('counts 136 of 200 right with the right preprocessing, and 96 with the mean forgotten, within 2 and 3', () => {
      const { candidate, reference } = findingOf(forgotten.report, 'top1');
      console.log(`top-1: ${(reference ?? 0) * PICTURES} with mean, ${(candidate ?? 0) * PICTURES} without, of ${PICTURES}`);
      expect(Math.abs((reference ?? 0) * PICTURES - 136)).toBeLessThanOrEqual(2);
      expect(Math.abs((candidate ?? 0) * PICTURES - 96)).toBeLessThanOrEqual(3);
    });

    it('fails a change that forgets the mean, and proposes nothing', () => {
      expect([forgotten.code, forgotten.report.outcome]).toEqual([1, 'fail']);
      expect(forgotten.report.models[0]?.proposal).toBeNull();
    });

    it('passes the reverse change', () => {
      expect([reversed.code, reversed.report.outcome]).toEqual([0, 'pass']);
      expect(findingOf(reversed.report, 'top1').gain.value).toBeCloseTo(
        -(findingOf(forgotten.report, 'top1').gain.value ?? 0),
        10,
      );
    });

    it('passes no change by identity, and asks no model', async () => {
      const { code, report, seconds, steps } = await check('main', 'words-only');
      console.log(`no change: ${seconds.toFixed(2)} s`);
      expect([code, report.models[0]?.history]).toEqual([0, 'unchanged']);
      expect([...steps.keys()].filter((step) => /candidate|baseline/.test(step))).toEqual([]);
    });

    it('shows the three events of the car park without deciding by them', async () => {
      const recall = findingOf(forgotten.report, 'event-recall');
      const alarms = findingOf(forgotten.report, 'false-alarms-per-hour');
      expect([recall.role, alarms.role]).toEqual(['watches', 'watches']);
      // Three of three vehicles, and no alarm where there is none.
      expect([recall.reference, alarms.reference]).toEqual([1, 0]);
      const kept = [...(await answersIn(repository.folder)).values()].flat() as { id: string; detections?: unknown[] }[];
      const clips = kept.filter(({ id }) => id === 'clips/car-detection.mp4');
      // Of the release with the mean, and of the one without.
      expect(clips.map(({ detections }) => detections?.length)).toEqual(expect.arrayContaining([3, expect.any(Number)]));
      expect(clips).toHaveLength(2);
    });

    it('says how long footage took', () => {
      const begins = (who: string) =>
        [...forgotten.steps].find(([step]) => step.startsWith(`street: ${who} on `))?.[1] ?? Number.NaN;
      const [begin, end] = [begins('candidate'), begins('baseline')];
      console.log(`${footageSeconds} s of footage: ${(end - begin).toFixed(2)} s`);
      expect(end).toBeGreaterThan(begin);
    });
  },
);
