import { releaseName } from '#kernel';
import type { HistoryRow } from '#eval';
import type { Entry } from '#ledger';
import type { PredictionFact } from './check-facts.ts';
import { factsOf } from './read-facts.ts';

/** Earlier iterations of the same model and metric: what research said, and what the field then showed. */
export function predictionHistory(entries: readonly Entry[], question: Pick<PredictionFact, 'model' | 'metric'>): HistoryRow[] {
  const outcomes = new Map(factsOf(entries, 'outcome').map(({ fact }) => [fact.prediction, fact]));
  return factsOf(entries, 'prediction')
    .filter(({ fact }) => fact.model === question.model && fact.metric === question.metric)
    .flatMap(({ id, fact }) => {
      const outcome = outcomes.get(id);
      return outcome === undefined
        ? []
        : [{ release: releaseName(fact.candidate), research: fact.research, predicted: fact.field, realised: outcome.field }];
    });
}
