import { releaseName, type Digest } from '#kernel';
import { standardErrorOf, type FieldGain, type Iteration, type MeasuredGain, type ResearchGain } from '#eval';
import type { Entry } from '#ledger';
import { METRICS } from '#tasks';
import type { OutcomeFact, PredictionFact } from './check-facts.ts';
import { factsOf, type Recorded } from './read-facts.ts';
import type { RealisedFact } from './realised-facts.ts';

/** Where a replay was not told site by site, it stands for all of them. */
const ALL = { site: 'all sites', chipset: 'as checked' } as const;

/**
 * Iterations of a model and a field metric, oldest first: what research said, what was predicted before the replay, what the replay
 * showed, and what footage showed that arrived later.
 */
export function iterationsOf(entries: readonly Entry[], question: Pick<PredictionFact, 'model' | 'metric'>): Iteration[] {
  const isAsked = ({ model, metric }: Pick<PredictionFact, 'model' | 'metric'>) =>
    model === question.model && metric === question.metric;
  const outcomes = new Map(factsOf(entries, 'outcome').map(({ fact }) => [fact.prediction, fact]));
  const realised = Map.groupBy(
    factsOf(entries, 'realised').filter(({ fact }) => isAsked(fact)),
    ({ fact }) => releaseName(fact.release),
  );
  const shipped = new Set(factsOf(entries, 'deployment').map(({ fact }) => `${fact.model} ${releaseName(fact.candidate)}`));
  return factsOf(entries, 'prediction')
    .filter(({ fact }) => isAsked(fact))
    .map(({ id, fact }) => {
      const release = releaseName(fact.candidate);
      return {
        release,
        at: fact.at,
        shipped: shipped.has(`${fact.model} ${release}`),
        research: benchGains(fact),
        predicted: measured(fact.field),
        realised: outcomeOf(outcomes, id),
        field: [...recorded(outcomes.get(id)), ...arrived(realised.get(release) ?? [], fact)],
      };
    });
}

/** What research said of a release; records that did not name their datasets are one set by themselves. */
export function benchGains({ benches, research }: Pick<PredictionFact, 'benches' | 'research'>): ResearchGain[] {
  if (benches.length === 0) {
    const gain = research === null ? null : measured(research);
    return gain === null ? [] : [{ set: 'research', unit: 'fraction', gain }];
  }
  return benches.flatMap(({ dataset, metric, gain }) => {
    const known = measured(gain);
    const unit = METRICS.get(metric)?.metric.unit ?? 'fraction';
    return known === null ? [] : [{ set: `${dataset} ${metric}`, unit, gain: known }];
  });
}

function outcomeOf(outcomes: ReadonlyMap<Digest, OutcomeFact>, prediction: Digest): MeasuredGain | null {
  const outcome = outcomes.get(prediction);
  return outcome === undefined ? null : measured(outcome.field);
}

function recorded(outcome: OutcomeFact | undefined): FieldGain[] {
  if (outcome === undefined) return [];
  const places = outcome.places.flatMap(({ site, chipset, field }) => gainAt({ site, chipset }, 'recorded', field));
  return places.length > 0 ? places : gainAt(ALL, 'recorded', outcome.field);
}

/** The last word of each place: each rests on all labels so far. Only what was held against the same reference. */
function arrived(facts: readonly Recorded<RealisedFact>[], { reference }: PredictionFact): FieldGain[] {
  const same = facts.filter(({ fact }) => releaseName(fact.reference) === releaseName(reference));
  const last = new Map(same.map(({ fact }) => [JSON.stringify([fact.site, fact.chipset]), fact]));
  return [...last.values()].flatMap((fact) => gainAt({ site: fact.site, chipset: fact.chipset }, 'arrived', fact.field));
}

function gainAt(place: { site: string; chipset: string }, on: FieldGain['on'], field: OutcomeFact['field']): FieldGain[] {
  const gain = measured(field);
  return gain === null ? [] : [{ ...place, on, gain }];
}

/** Null where the interval says nothing: of an error of which nothing is known, nothing can be learned. */
function measured(estimate: PredictionFact['field']): MeasuredGain | null {
  const error = standardErrorOf(estimate);
  return estimate.value === null || error === null ? null : { value: estimate.value, error };
}
