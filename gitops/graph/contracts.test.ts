import { describe, expect, it } from 'vitest';
import { contractProblems, type Contracts } from './contracts.ts';
import { graphPlanOf } from './graph.fixture.ts';
import type { StageContract } from './graph-plan.ts';

const one: StageContract = { speaks: 1, reads: [1, 1] };
const both: StageContract = { speaks: 1, reads: [1, 2] };
const two: StageContract = { speaks: 2, reads: [1, 2] };
const strict: StageContract = { speaks: 2, reads: [2, 2] };

/** A release of detector and embedder, over what runs of them; motion and events stay as they are. */
function problemsOf(detector: StageContract, embedder: StageContract, running: Contracts) {
  const plan = graphPlanOf('flux');
  const contracts: Contracts = { detector, embedder, motion: one, events: both };
  const stages = plan.stages.map((stage) => ({ ...stage, contract: contracts[stage.name] ?? one }));
  return contractProblems({ ...plan, stages }, { motion: one, events: both, ...running }).map(({ message }) => message);
}

describe('both ends of an edge', () => {
  it.each<[string, StageContract, StageContract, Contracts, RegExp | null]>([
    ['a first release that fits', one, one, {}, null],
    ['nothing of the contract changes', one, one, { detector: one, embedder: one }, null],
    ['the reader learns to read both first', one, both, { detector: one, embedder: one }, null],
    ['then the speaker changes', two, both, { detector: one, embedder: both }, null],
    [
      'a speaker that comes too early',
      two,
      one,
      { detector: one, embedder: one },
      /detector that comes speaks version 2 .* embedder that runs reads version 1/,
    ],
    [
      'both in one release: the new speaks to the old meanwhile',
      two,
      both,
      { detector: one, embedder: one },
      /embedder that runs reads version 1/,
    ],
    [
      'a reader that forgets what still runs',
      two,
      strict,
      { detector: one, embedder: both },
      /detector that runs speaks version 1 .* embedder that comes reads version 2/,
    ],
    [
      'a first release that does not fit',
      two,
      one,
      {},
      /detector that comes speaks version 2 .* embedder that comes reads version 1/,
    ],
  ])('understand each other at every moment of a rollout, or it is refused: %s', (_, detector, embedder, running, message) => {
    const problems = problemsOf(detector, embedder, running);
    expect(problems.length).toBe(message === null ? 0 : 1);
    expect(problems.join('\n')).toMatch(message ?? /^$/);
  });

  it('are named with what to do', () => {
    const plan = graphPlanOf('flux');
    const stages = plan.stages.map((stage) => (stage.name === 'detector' ? { ...stage, contract: two } : stage));
    expect(contractProblems({ ...plan, stages }, { embedder: one })).toEqual([
      {
        file: 'fieldproof.yaml',
        field: 'graphs.porch.edges.detector-embedder',
        message: 'detector that comes speaks version 2 of the message contract, and embedder that runs reads version 1',
        remedy: 'first release one of embedder that reads both, wait until it runs everywhere, and then this one',
      },
    ]);
  });
});
