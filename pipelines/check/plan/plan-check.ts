import type { Chipset } from '#runners';
import type { Gate } from '#eval';
import type { ChipsetConfig, Config, ModelConfig } from '#config';
import { sameRelease, type Release } from '#kernel';
import type { Round } from '#datasets';

/** A release that the candidate is compared with, and the chipsets on which it is. */
export type Reference = { release: Release; role: 'baseline' | 'anchor'; chipsets: readonly string[] };

/** What of a model has to be run where, decided before anything runs. */
export type ModelPlan = {
  model: ModelConfig;
  candidate: Release;
  history: 'first' | 'change' | 'unchanged';
  references: readonly Reference[];
  chipsets: readonly ChipsetConfig[];
  /** Those that its gates name, by the round in which they are looked at. */
  datasets: Readonly<Record<Round, readonly string[]>>;
};

/** What a fleet runs today: one entry per site. */
export type Deployed = { site: string; chipset: string; release: Release };

export type PlanInput = {
  model: ModelConfig;
  config: Config;
  candidate: Release;
  deployed: readonly Deployed[];
  /** Without a fleet: what the base commit builds. */
  base: Release | null;
  anchor: Release | null;
  roundOf: (dataset: string) => Round;
};

export function planModel(input: PlanInput): ModelPlan {
  const { model, config, candidate, roundOf } = input;
  const chipsets = judgedChipsets(config, model);
  const baselines = baselinesOf(input, chipsets);
  const datasets = [...new Set(model.gates.flatMap((gate) => (gate.kind === 'quality' ? [gate.dataset] : [])))];
  return {
    model,
    candidate,
    history: historyOf(input, baselines),
    references: [...baselines, ...anchorOf(input, baselines, chipsets)],
    chipsets,
    datasets: {
      research: datasets.filter((name) => roundOf(name) === 'research'),
      replay: datasets.filter((name) => roundOf(name) === 'replay'),
    },
  };
}

/** A site that runs nothing yet is a change too: it is to run the candidate. */
function historyOf({ candidate, config, deployed }: PlanInput, baselines: readonly Reference[]): ModelPlan['history'] {
  if (baselines.length === 0) return 'first';
  const isServed = config.deploy?.sites.every(({ name, chipset }) =>
    deployed.some((entry) => entry.site === name && entry.chipset === chipset),
  );
  const isEverywhere = baselines.every(({ release }) => sameRelease(release, candidate)) && isServed !== false;
  return isEverywhere ? 'unchanged' : 'change';
}

/** The chipsets that sites use and gates name; all of them when neither says. */
function judgedChipsets(config: Config, model: ModelConfig): ChipsetConfig[] {
  const named = new Set([...(config.deploy?.sites.map((site) => site.chipset) ?? []), ...namedByGates(model.gates)]);
  const all = named.size === 0 || named.has('*');
  return config.chipsets.filter((chipset) => all || named.has(chipset.name));
}

function namedByGates(gates: readonly Gate[]): string[] {
  return gates.flatMap((gate) => (gate.kind === 'latency' ? [gate.chipset] : []));
}

/** Each distinct release that runs on a chipset; one that runs nothing yet is compared with what the others run. */
function baselinesOf({ deployed, base }: PlanInput, chipsets: readonly Chipset[]): Reference[] {
  const references: { release: Release; role: 'baseline'; chipsets: string[] }[] = [];
  const add = (release: Release, chipset: string) => {
    const known = references.find((reference) => sameRelease(reference.release, release));
    if (known === undefined) references.push({ release, role: 'baseline', chipsets: [chipset] });
    else if (!known.chipsets.includes(chipset)) known.chipsets.push(chipset);
  };
  for (const { name } of chipsets) {
    const here = deployed.filter((entry) => entry.chipset === name);
    for (const { release } of here.length > 0 ? here : deployed) add(release, name);
    if (deployed.length === 0 && base !== null) add(base, name);
  }
  return references;
}

/** Small losses add up only against a reference that does not move with them. Where it is deployed, it is the baseline. */
function anchorOf({ anchor, candidate }: PlanInput, baselines: readonly Reference[], chipsets: readonly Chipset[]): Reference[] {
  if (anchor === null || sameRelease(anchor, candidate)) return [];
  const isBaseline = (chipset: string) =>
    baselines.some((baseline) => sameRelease(baseline.release, anchor) && baseline.chipsets.includes(chipset));
  const elsewhere = chipsets.map(({ name }) => name).filter((name) => !isBaseline(name));
  return elsewhere.length === 0 ? [] : [{ release: anchor, role: 'anchor', chipsets: elsewhere }];
}
