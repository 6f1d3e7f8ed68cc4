import { onlyStage, type Release } from '#kernel';
import type { ModelPart } from '#pipelines/check';

type AnswerSet = ModelPart['measured']['answers'][number];
type One = AnswerSet['answers'][number];

/** Which of two answers to one sample or clip is the candidate's, and which the deployed release's. */
type Choose = (answers: { changed: One; deployed: One }) => { candidate: One; reference: One };

/**
 * A world in which the change reaches a random share of the samples and no others, so that what is lost is known but for chance.
 * @param share from 0, where nothing changes, to 1
 */
export function reaching(parts: readonly ModelPart[], changed: Release, share: number, next: () => number): ModelPart[] {
  return mixed(parts, changed, ({ changed: other, deployed }) => ({
    candidate: next() < share ? other : deployed,
    reference: deployed,
  }));
}

/**
 * A world in which nothing is lost on average, while answers differ as they do between two releases: a coin says of each sample which
 * of its two answers is the candidate's.
 */
export function swapped(parts: readonly ModelPart[], changed: Release, next: () => number): ModelPart[] {
  return mixed(parts, changed, ({ changed: other, deployed }) =>
    next() < 0.5 ? { candidate: other, reference: deployed } : { candidate: deployed, reference: other },
  );
}

function mixed(parts: readonly ModelPart[], changed: Release, choose: Choose): ModelPart[] {
  const { model } = onlyStage(changed);
  const isChanged = ({ key }: AnswerSet) => onlyStage(key.release).model === model;
  return parts.map((part) => {
    const sets = part.measured.answers;
    const pairs = sets.filter(isChanged).flatMap((own) => {
      const reference = sets.find((set) => !isChanged(set) && set.key.dataset === own.key.dataset);
      return reference === undefined ? [] : mixPair(own, reference, choose);
    });
    return { ...part, measured: { ...part.measured, answers: pairs } };
  });
}

function mixPair(changed: AnswerSet, deployed: AnswerSet, choose: Choose): AnswerSet[] {
  const known = new Map<string, One>(deployed.answers.map((answer) => [answer.id, answer]));
  const chosen = changed.answers.map((answer) => choose({ changed: answer, deployed: known.get(answer.id) ?? answer }));
  // The two are answers to one task: what is taken of one fits where the other was.
  const holding = (set: AnswerSet, answers: readonly One[]) => ({ ...set, answers }) as AnswerSet;
  return [
    holding(
      changed,
      chosen.map(({ candidate }) => candidate),
    ),
    holding(
      deployed,
      chosen.map(({ reference }) => reference),
    ),
  ];
}
