import { describe, expect, it } from 'vitest';
import { detectionTrial, foundBox, trueBox, YARD } from '../../testing/worlds/boxes.ts';
import { detectionNotes } from './notes.ts';

const every = [trueBox(0), trueBox(100, { class: 1 }), trueBox(200, { class: 2 })];

describe('what a reader should know of the numbers', () => {
  it('is AP by class, where there is a threshold, a true box of each class, and no tie that matters', () => {
    const boxes = [foundBox(0, 0.9), foundBox(300, 0.8), foundBox(400, 0.8), foundBox(100, 0.7, { named: 1, slip: 8 })];
    expect(detectionNotes([detectionTrial(every, boxes)], YARD)).toEqual([
      'On yard AP by class, the lowest first: bird 0.00%, car 40.00%, person 100.00%.',
    ]);
  });

  it('names the classes that have no true box', () => {
    expect(detectionNotes([detectionTrial([trueBox(0), trueBox(0, { class: 1, crowd: true })], [])], YARD)).toEqual([
      'On yard 2 of 3 classes have no true box, and no part in AP and AR: car, bird.',
    ]);
  });

  it('says what ties could make of AP: a right box and a wrong one of equal score', () => {
    const notes = detectionNotes([detectionTrial(every, [foundBox(300, 0.8), foundBox(0, 0.8)])], YARD);
    expect(notes.at(-1)).toContain('AP is 16.67%, and by their order alone could be anything from 16.67% to 33.33%');
  });

  it('says that no threshold is known', () => {
    const [note] = detectionNotes([detectionTrial(every, [], { threshold: null })], YARD);
    expect(note).toContain('names no threshold');
  });
});
