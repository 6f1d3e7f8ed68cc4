import { matchEvents, type ClipTrial, type SampleTrial } from '#tasks';
import type { ReplayDataset, ResearchDataset } from '#datasets';
import type { ClipPrediction, SamplePrediction } from '../parts/part.ts';
import { PartRefused, type PartPlace } from '../parts/part-refused.ts';

/** Compares answers with the ground truth. Whoever brought them may have lied in them, but about nothing else. */

/** @throws PartRefused when the answers are not one to each sample, or name classes that there are not */
export function scoreSamples(
  dataset: ResearchDataset,
  predictions: readonly SamplePrediction[],
  from: PartPlace,
): readonly SampleTrial[] {
  const answers = oneToEach(
    dataset.name,
    dataset.samples.map(({ id }) => id),
    predictions.map((prediction) => [prediction.sample, prediction]),
    from,
  );
  const kept = Math.min(5, dataset.classes.length);
  return dataset.samples.flatMap(({ id, truth }) => {
    const answer = answers.get(id);
    if (answer === undefined) return [];
    const { ranked } = answer;
    const isRanking =
      ranked.length === kept && new Set(ranked).size === kept && ranked.every((index) => index < dataset.classes.length);
    if (!isRanking) throw new PartRefused(from, `${id} of ${dataset.name} is answered with no ranking of its classes`);
    return [{ ...answer, truth }];
  });
}

/** Seconds by which the end of the last frame may lie behind the length that a header tells. */
const SLACK = 1;

/**
 * @param secondsOf length of each clip, as this machine measured it
 * @throws PartRefused when the answers are not one to each clip, or hold events that cannot be
 */
export function scoreClips(
  dataset: ReplayDataset,
  predictions: readonly ClipPrediction[],
  secondsOf: ReadonlyMap<string, number>,
  from: PartPlace,
): readonly ClipTrial[] {
  const answers = oneToEach(
    dataset.name,
    dataset.clips.map(({ id }) => id),
    predictions.map((prediction) => [prediction.clip, prediction]),
    from,
  );
  return dataset.clips.flatMap(({ id, site, conditions, events }) => {
    const answer = answers.get(id);
    const seconds = secondsOf.get(id);
    if (answer === undefined || seconds === undefined) return [];
    const { detections } = answer;
    const can = (event: (typeof detections)[number]) =>
      Object.hasOwn(dataset.rule.labels, event.label) &&
      event.start >= 0 &&
      event.start <= event.end &&
      event.start <= event.alarm &&
      event.end <= seconds + SLACK;
    const wrong = detections.find((event) => !can(event));
    if (wrong !== undefined)
      throw new PartRefused(from, `${id} of ${dataset.name} is answered with an event that cannot be in it`);
    const matches = matchEvents(events, detections, dataset.rule.tolerance);
    return [{ clip: id, site, conditions, seconds, truth: events, detections, matches }];
  });
}

function oneToEach<T>(
  dataset: string,
  ids: readonly string[],
  given: readonly (readonly [string, T])[],
  from: PartPlace,
): ReadonlyMap<string, T> {
  const answers = new Map(given);
  const unanswered = ids.find((id) => !answers.has(id));
  if (unanswered !== undefined) throw new PartRefused(from, `${unanswered} of ${dataset} has no answer`);
  if (given.length !== ids.length) {
    throw new PartRefused(from, `it holds ${given.length} answers for the ${ids.length} questions of ${dataset}`);
  }
  return answers;
}
