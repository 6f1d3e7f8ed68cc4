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
  if (proposal.task === 'detection') return judgeBoxes(response, proposal, picture);
  const [point = null] = embeddingsOf(response, 1);
  const found = point === null ? 'nothing was found in it' : `a point of ${point.length} dimensions`;
  return { proposal, seen: `one picture was run (${picture}): ${found}` };
}

/**
 * Boxes of which most begin outside the picture are no corners: a model that is exported without its last step gives offsets from prior
 * boxes, which lie around zero.
 */
function judgeBoxes(response: InferResponse, proposal: Proposal, picture: string): Tried {
  const [boxes = []] = detectionsOf(response, 1, proposal.labels?.length ?? 1);
  const [best] = boxes.toSorted((a, b) => b.score - a.score);
  if (best === undefined) return { proposal, seen: `one picture was run (${picture}): no box at all` };
  const found = `${boxes.length} boxes, the best of ${nameOf(best.class, proposal)} at ${short(best.score)}`;
  const seen = `one picture was run (${picture}): ${found}`;
  const outside = boxes.filter(({ x1, y1 }) => x1 < 0 || y1 < 0).length;
  const { undecoded, ...others } = proposal;
  if (undecoded === undefined || outside <= boxes.length / 2) return { proposal, seen };
  const doubt = `${seen}; ${outside} of them begin outside the picture, so they are hardly corners`;
  if (undecoded === null) return { proposal, seen: `${doubt}: see the kinds of output in docs/models.md` };
  return {
    proposal: { ...others, fields: { ...others.fields, output: undecoded } },
    seen: `${doubt}: they are read as offsets from prior boxes`,
  };
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
