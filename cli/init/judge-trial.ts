import { classScores, detectionsOf, embeddingsOf, type InferResponse } from '#kernel';
import type { Proposal } from './propose-model.ts';

/** What one picture showed of a proposal: the same, or a better one, and what was seen, in a sentence. */
export type Tried = { proposal: Proposal; seen: string };

/** Shares of one whole may be off by what half precision leaves of them. */
const WHOLE = 0.02;

/**
 * Reads the answer to one picture as the proposal has it.
 * @throws CouldNotRun when it is none
 */
export function judgeTrial(response: InferResponse, proposal: Proposal, picture: string): Tried {
  if (proposal.task === 'classification') return judgeScores(response, proposal, picture);
  if (proposal.task === 'detection') {
    const [boxes = []] = detectionsOf(response, 1, proposal.labels?.length ?? 1);
    const [best] = boxes.toSorted((a, b) => b.score - a.score);
    const found =
      best === undefined
        ? 'no box at all'
        : `${boxes.length} boxes, the best of ${nameOf(best.class, proposal)} at ${short(best.score)}`;
    return { proposal, seen: `one picture was run (${picture}): ${found}` };
  }
  const [point = null] = embeddingsOf(response, 1);
  const found = point === null ? 'nothing was found in it' : `a point of ${point.length} dimensions`;
  return { proposal, seen: `one picture was run (${picture}): ${found}` };
}

/** Scores that are no shares are what softmax still has to be taken of: the order of classes stays, a threshold gets a meaning. */
function judgeScores(response: InferResponse, proposal: Proposal, picture: string): Tried {
  const [scores = new Float32Array()] = classScores(response, 1, proposal.labels?.length ?? 0);
  const sum = scores.reduce((total, score) => total + score, 0);
  const best = scores.indexOf(Math.max(...scores));
  const seen = `one picture was run (${picture}): ${nameOf(best, proposal)} is best, at ${short(scores[best] ?? Number.NaN)}`;
  const areShares = scores.every((score) => score >= 0 && score <= 1 + WHOLE);
  if (areShares || sum === 0) return { proposal, seen };
  const range = `from ${short(Math.min(...scores))} to ${short(Math.max(...scores))}`;
  return {
    proposal: { ...proposal, fields: { ...proposal.fields, postprocess: { activation: 'softmax' } } },
    seen: `${seen}; its scores run ${range}, so they are logits: softmax makes shares of them`,
  };
}

function nameOf(index: number, { labels }: Proposal): string {
  return labels?.[index] ?? `class ${index}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
