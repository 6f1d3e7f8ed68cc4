import { itemsOf } from '#datasets';
import { forecastGain, forecastTime, shareAtBest, type PlannedStep, type QualityGate } from '#eval';
import { gatherKept, type CheckPorts, type CheckRequest, type Kept, type KeptModel, type KeptSet } from '#pipelines/check';
import type { PlannedGate, PlanReport } from '#report';
import { metricOn } from '#tasks';
import { earlierGains } from './earlier-gains.ts';
import type { Times } from './times.ts';

export type PlanPorts = CheckPorts & { times: Times };

/**
 * What each gate of a commit could decide today, and how long a check will take: from the data, the gates, the answers of what is
 * deployed and the history that are at hand. Nothing is run. Null where the commit says nothing of how to judge.
 */
export async function planChecks(request: CheckRequest, ports: PlanPorts): Promise<PlanReport | null> {
  const kept = await gatherKept(request, ports);
  if (kept === null) return null;
  const [entries, timings] = [await kept.ledger.entries(), await ports.times.read()];
  return {
    models: kept.models.map((model) => ({
      model: model.model,
      gates: gatesOf(model, kept, entries),
      time: forecastTime(timings, [...stepsOf(model), ...stepsOfOthers(model, kept.models)]),
    })),
  };
}

type Entries = Awaited<ReturnType<Kept['ledger']['entries']>>;

function gatesOf(model: KeptModel, kept: Kept, entries: Entries): PlannedGate[] {
  return model.gates.flatMap((gate) =>
    gate.kind === 'quality'
      ? model.sets
          .filter(({ open }) => open.dataset.name === gate.dataset)
          .map((set) => planGate(gate, set, model, kept, entries))
      : [],
  );
}

function planGate(gate: QualityGate, set: KeptSet, { model }: KeptModel, { seed }: Kept, entries: Entries): PlannedGate {
  const { dataset } = set.open;
  const metric = metricOn(dataset, gate.metric);
  const earlier = earlierGains(entries, { model, dataset: dataset.name, chipsets: set.chipsets, metric: metric.name });
  const forecast = set.trials === null ? null : forecastGain({ metric, trials: set.trials, earlier, seed });
  const items = itemsOf(dataset).length;
  return {
    dataset: dataset.name,
    chipsets: set.chipsets,
    metric: metric.name,
    title: metric.title ?? metric.name,
    unit: metric.unit,
    better: metric.better,
    margin: gate.margin,
    forecast,
    items,
    medium: dataset.medium,
    atBest: metric.kind === 'ratio' && metric.unit === 'fraction' ? shareAtBest(items) : null,
    isAsked: set.trials !== null,
  };
}

/** A check of all models asks theirs too: what that took is no part of what one of this model takes. */
function stepsOfOthers(model: KeptModel, models: readonly KeptModel[]): PlannedStep[] {
  return models.filter((other) => other !== model).flatMap((other) => stepsOf(other).map(({ name }) => ({ name, items: 0 })));
}

/** As the check names its steps. Of what was asked before, nothing is asked again; that it was is known of earlier checks. */
function stepsOf({ sets, speed }: KeptModel): PlannedStep[] {
  const asked = sets.flatMap(({ open, trials, steps: { candidate, baseline, together } }) => {
    const items = itemsOf(open.dataset).length;
    const lacking = trials === null ? items : 0;
    return together === null
      ? [
          { name: candidate, items },
          { name: baseline, items: lacking },
        ]
      : [
          { name: together, items: items + lacking },
          { name: candidate, items: 0 },
          { name: baseline, items: 0 },
        ];
  });
  return [...asked, ...speed.map((name) => ({ name, items: null }))];
}
