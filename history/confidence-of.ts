import { judgeConfidence, type Confidence, type Iteration } from '#eval';
import type { Entry } from '#ledger';
import { METRICS, type Unit } from '#tasks';
import { releaseName } from '#kernel';
import type { PredictionFact } from './check-facts.ts';
import { iterationsOf } from './iterations.ts';
import { factsOf } from './read-facts.ts';

/** How far one model can be trusted on one field metric, and the iterations that say so. */
export type ModelConfidence = {
  model: string;
  metric: string;
  unit: Unit;
  /** How much the field may lose, in the metric's unit. */
  margin: number;
  iterations: readonly Iteration[];
  /** As they were committed, and what came: null where nothing has been seen yet. */
  predictions: readonly { release: string; predicted: PredictionFact['field']; realised: PredictionFact['field'] | null }[];
  confidence: Confidence;
};

/** Of every model and field metric of which anything was predicted. */
export function confidencesOf(entries: readonly Entry[], margin: number): ModelConfidence[] {
  const questions = new Map(
    factsOf(entries, 'prediction').map(({ fact: { model, metric } }) => [JSON.stringify([model, metric]), { model, metric }]),
  );
  return [...questions.values()].map(({ model, metric }) => {
    const unit = METRICS.get(metric)?.metric.unit ?? 'fraction';
    const iterations = iterationsOf(entries, { model, metric });
    const predictions = predictionsOf(entries, { model, metric });
    return { model, metric, unit, margin, iterations, predictions, confidence: judgeConfidence(iterations, { margin, unit }) };
  });
}

function predictionsOf(
  entries: readonly Entry[],
  question: Pick<PredictionFact, 'model' | 'metric'>,
): ModelConfidence['predictions'] {
  const outcomes = new Map(factsOf(entries, 'outcome').map(({ fact }) => [fact.prediction, fact.field]));
  return factsOf(entries, 'prediction')
    .filter(({ fact }) => fact.model === question.model && fact.metric === question.metric)
    .map(({ id, fact }) => ({
      release: releaseName(fact.candidate),
      predicted: fact.field,
      realised: outcomes.get(id) ?? null,
    }));
}
