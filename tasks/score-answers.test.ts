import { describe, expect, it } from 'vitest';
import { bench, CLIP_SECONDS, street } from '../testing/worlds/small-datasets.ts';
import { scoreAnswers } from './score-answers.ts';
import type { Answer } from './task.ts';

const pictures = { ...bench, samples: bench.samples.slice(0, 3) };
const clips = { ...street, clips: street.clips.slice(0, 2) };
const seconds = new Map(clips.clips.map(({ id }) => [id, CLIP_SECONDS]));

const ranking = (id: string, ranked = [0, 1, 2]) => ({ id, ranked, scores: [0.5, 0.3, 0.2], more: 0 });
const detection = (start: number, end = start + 1) => ({ label: 'person', start, end, alarm: start, peak: 0.9 });
const rankings = pictures.samples.map(({ id }) => ranking(id));
const found = clips.clips.map(({ id }) => ({ id, detections: [detection(1.5)] }));

describe('answers, held against the truth', () => {
  it('give one trial for each sample, in the order of the dataset', () => {
    expect(scoreAnswers(pictures, rankings.toReversed(), new Map())).toEqual({
      kind: 'scored',
      trials: pictures.samples.map(({ id, truth, slices }) => ({
        ...ranking(id),
        truth,
        confidence: 0.5,
        slices,
        cluster: id,
        site: null,
        seconds: null,
      })),
    });
  });

  it('give one trial for each clip, with its events and those that were found', () => {
    const scored = scoreAnswers(clips, found, seconds);
    expect(scored).toMatchObject({
      kind: 'scored',
      trials: [
        {
          id: '0.mp4',
          site: 'lobby',
          slices: { site: 'lobby' },
          seconds: CLIP_SECONDS,
          truth: [{ label: 'person', start: 1, end: 3 }],
        },
        { id: '1.mp4', site: 'garden', matches: [{ truth: 0, detection: 0, delay: 0.5 }] },
      ],
    });
  });

  it.each([
    ['clip', ['0.mp4', '1.mp4']],
    ['site', ['lobby', 'garden']],
  ] as const)('are resampled by the %s, as the dataset says', (cluster, expected) => {
    const scored = scoreAnswers({ ...clips, cluster }, found, seconds);
    expect(scored.kind === 'scored' && scored.trials.map((trial) => trial.cluster)).toEqual(expected);
  });

  it.each<[string, readonly Answer[], string]>([
    ['one is missing', rankings.slice(1), '0.png of bench has no answer'],
    ['there is one of nothing that was asked', [...rankings, ranking('x')], 'it holds 4 answers for the 3 questions of bench'],
    ['there are two of one', [...rankings, ranking('0.png')], 'it holds 4 answers for the 3 questions of bench'],
    [
      'one is no answer',
      [ranking('0.png', [0, 0, 1]), ...rankings.slice(1)],
      '0.png of bench is answered with no ranking of its classes',
    ],
  ])('are refused as a whole where %s', (_, answers, reason) => {
    expect(scoreAnswers(pictures, answers, new Map())).toEqual({ kind: 'refused', reason });
  });

  it('are refused where an event lies outside of the footage, as this machine measured it', () => {
    const late = [{ id: '0.mp4', detections: [detection(5.5, 6.5)] }, ...found.slice(1)];
    expect(scoreAnswers(clips, late, seconds)).toEqual({
      kind: 'refused',
      reason: '0.mp4 of street is answered with an event that cannot be in it',
    });
    expect(scoreAnswers(clips, late, new Map([...seconds, ['0.mp4', 6]])).kind).toBe('scored');
  });
});
