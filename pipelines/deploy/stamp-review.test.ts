import { describe, expect, it } from 'vitest';
import { factsOf, type VerdictFact } from '#history';
import { CouldNotRun, digestOf, silentProgress } from '#kernel';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import { stampReview } from './stamp-review.ts';

const judged = { id: digestOf('verdict'), seq: 1, fact: { head: 'h' } as VerdictFact };
const release = { model: 'porch', judged };
const approved = { step: 'approved', at: '2026-03-08T12:00:00Z' } as const;

async function stampedBy(...answers: (() => Promise<readonly (typeof approved)[]>)[]) {
  const [ledger, notes] = [new MemoryLedger(), [] as string[]];
  for (const of of answers) {
    const progress = { ...silentProgress, note: (text: string) => void notes.push(text) };
    await stampReview(release, { moments: { of }, ledger, progress });
  }
  return { notes, steps: factsOf(await ledger.entries(), 'stamped').map(({ fact }) => fact.steps) };
}

describe('what the code host knows of a review', () => {
  it('is written down once, however often it is deployed', async () => {
    const answer = () => Promise.resolve([approved]);
    expect(await stampedBy(answer, answer)).toEqual({ notes: [], steps: [[approved]] });
  });

  it('is nothing where it knows nothing', async () => {
    expect((await stampedBy(() => Promise.resolve([]))).steps).toEqual([]);
  });

  it('that does not answer is told of, and stops nothing', async () => {
    const problem = new CouldNotRun({ file: 'GitHub', message: 'did not answer', remedy: 'try again' });
    const { notes, steps } = await stampedBy(() => Promise.reject(problem));
    expect(steps).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('no review is stamped: GitHub')]);
  });
});
