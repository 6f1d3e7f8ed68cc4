import { describe, expect, it } from 'vitest';
import { CouldNotRun, digestOf } from '#kernel';
import { forAll, strangeTexts } from '../../testing/fuzz.ts';
import { readLabelling, writeLabelling } from './labelling.ts';

const clip = { pin: digestOf('a'), site: 'oslo', conditions: {}, why: 'random sample' as const, probability: 0.5 };
const labelled = writeLabelling({
  version: 1,
  model: 'tiny',
  night: '2026-11-27',
  record: digestOf('b'),
  clips: [
    { ...clip, file: 'a.mp4', events: [{ label: 'person', start: 0, end: 1.5 }] },
    { ...clip, file: 'b.mp4', events: 'unusable' },
  ],
});
const words = ['\n', ' ', '- ', ': ', '{', '}', '[', ']', ',', '&a ', '*a', '"', "'", '#', '~', 'null', 'events', 'unusable'];
const texts = strangeTexts([...words, '-1', '1e999', '.nan', '__proto__', '../', '\0', '!!binary '], labelled);

describe('labels that a pull request brings', () => {
  it('are read, with seconds that are numbers, or refused', () => {
    let read = 0;
    forAll(texts, (text) => {
      try {
        const seconds = readLabelling(text, 'a.yaml').clips.flatMap(({ events }) =>
          Array.isArray(events) ? events.flatMap(({ start, end }) => [start, end]) : [],
        );
        read += 1;
        expect(seconds.every((one) => Number.isFinite(one) && one >= 0)).toBe(true);
      } catch (thrown) {
        if (!(thrown instanceof CouldNotRun)) throw thrown;
      }
    });
    expect(read).toBeGreaterThan(0);
  });
});
