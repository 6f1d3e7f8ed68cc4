import { describe, expect, it } from 'vitest';
import { memoryCheck } from '../../../testing/worlds/memory-check.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import { countNotes } from './count-notes.ts';
import { gatherTrials, type Scored, type TrialSet } from './gather-trials.ts';

const check = await memoryCheck();
const part = await check.measure('research');
const { comparisons } = planComparisons(check.planned, [part]);
const [scored] = await gatherTrials(check.planned, comparisons, [part], check.context);
if (scored === undefined) throw new Error('the candidate is compared on bench');

/** The same trials, of which so many were there before, or were ties. */
const setOf = (reused: number, tied = 0): TrialSet => ({
  ...scored.candidate,
  reused,
  trials: scored.candidate.trials.map((trial, index) => (index < tied ? { ...trial, scores: [0.5, 0.5, 0] } : trial)),
});
const compared = (candidate: TrialSet, reference: TrialSet | null = setOf(0)): Scored => ({ ...scored, candidate, reference });
const reusedNote = (count: number) =>
  `${count} trials were scored before (same model, runtime, dataset and task version) and reused.`;

const tieNote =
  '2 samples had a tie for the best class; the lowest index won. By how ties break, 58 to 60 of 60 samples are named right.';

describe('what is said of the counting', () => {
  const same = setOf(7);
  it.each<[string, readonly Scored[], readonly string[]]>([
    ['nothing, where all was asked for anew', [compared(setOf(0))], []],
    ['what was reused of both sides', [compared(setOf(3), setOf(4))], [reusedNote(7)]],
    ['what was reused of the only side', [compared(setOf(3), null)], [reusedNote(3)]],
    ['once, of a set that is in two comparisons', [compared(same), compared(same)], [reusedNote(7)]],
    ['what the task has to say of the candidate', [compared(setOf(0, 2))], [tieNote]],
    [
      'that the classes of the candidate were found by name',
      [compared({ ...setOf(0), labels: ['parcel', 'nobody', 'person'] })],
      ['On bench the model names its classes in another order than the dataset: they were matched by name.'],
    ],
    ['nothing of classes in the same order', [compared({ ...setOf(0), labels: ['nobody', 'person', 'parcel'] })], []],
    ['nothing of labels that a part made up', [compared({ ...setOf(0), labels: ['made', 'up'] })], []],
    ['how the server of the candidate was asked', [compared({ ...setOf(0), manner: 'By JSON.' })], ['By JSON.']],
    ['nothing of a tie of the reference', [compared(setOf(0), setOf(0, 2))], []],
    ['one sentence once', [compared(setOf(0, 2)), compared(setOf(0, 2))], [tieNote]],
  ])('is %s', (_, all, notes) => {
    expect(countNotes(all)).toEqual(notes);
  });
});
