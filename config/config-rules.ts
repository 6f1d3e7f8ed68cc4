import { problemAt, type Problem, type SourceMap } from '#kernel';
import { METRICS } from '#tasks';
import { graphProblems } from './graph-config-rules.ts';
import { graphDeployProblems } from './graph-deploy-rules.ts';
import { ledgerProblems } from './ledger-config.ts';
import { replayProblems } from './replay-rules.ts';
import { manifestProblems } from './manifest-rules.ts';
import type { WrittenConfig } from './written-config.ts';

/** What no schema can say: a rule looks at the whole configuration and returns what is wrong with it. */
type Rule = (config: WrittenConfig, at: SourceMap) => Problem[];

export function configProblems(config: WrittenConfig, source: SourceMap): Problem[] {
  return rules.flatMap((rule) => rule(config, source));
}

const gatesNameModels: Rule = (config, at) =>
  Object.keys(config.gates)
    .filter((name) => !Object.hasOwn(config.models, name) && !Object.hasOwn(config.graphs, name))
    .map((name) =>
      problemAt(
        at,
        ['gates', name],
        `no model is named ${name}`,
        `name one of: ${[...Object.keys(config.models), ...Object.keys(config.graphs)].join(', ')}`,
      ),
    );

const modelsHaveGates: Rule = (config, at) =>
  Object.keys(config.models)
    .filter((name) => !Object.hasOwn(config.gates, name))
    .map((name) =>
      problemAt(at, ['models', name], `${name} has no gates, so nothing could ever be decided`, `add gates.${name}`),
    );

const gatesNameDatasetsAndChipsets: Rule = (config, at) =>
  eachGate(config, (gate, path) => {
    if ('dataset' in gate && !Object.hasOwn(config.datasets, gate.dataset)) {
      return [problemAt(at, [...path, 'dataset'], `no dataset is named ${gate.dataset}`, choices(Object.keys(config.datasets)))];
    }
    if ('chipset' in gate && gate.chipset !== '*' && !Object.hasOwn(config.chipsets, gate.chipset)) {
      return [
        problemAt(
          at,
          [...path, 'chipset'],
          `no chipset is named ${gate.chipset}`,
          choices(['*', ...Object.keys(config.chipsets)]),
        ),
      ];
    }
    return [];
  });

const gatesDecideSomething: Rule = (config, at) =>
  eachGate(config, (gate, path) => {
    if (!('dataset' in gate) || gate.watch === true) return [];
    if (gate.margin === undefined && gate['at-least'] === undefined && gate['at-most'] === undefined) {
      return [problemAt(at, path, 'decides nothing', 'give it a margin, at-least or at-most, or say watch: true')];
    }
    return [];
  });

/** A guard asks what a slice may lose; without a margin nobody said. */
const guardsHaveMargins: Rule = (config, at) =>
  eachGate(config, (gate, path) =>
    'dataset' in gate && gate.guard.length > 0 && gate.margin === undefined
      ? [problemAt(at, [...path, 'guard'], 'guards slices, but says no margin', 'give the gate a margin: what may be lost')]
      : [],
  );

/** More recall is better, fewer alarms are: a bound on the wrong side would let everything pass. */
const boundsFitTheMetric: Rule = (config, at) =>
  eachGate(config, (gate, path) => {
    if (!('dataset' in gate)) return [];
    const moreIsBetter = METRICS.get(gate.metric)?.metric.better === 'more';
    const wrong = moreIsBetter ? 'at-most' : 'at-least';
    const right = moreIsBetter ? 'at-least' : 'at-most';
    if (gate[wrong] === undefined) return [];
    return [
      problemAt(at, [...path, wrong], `${gate.metric} is better when it is ${moreIsBetter ? 'more' : 'less'}`, `use ${right}`),
    ];
  });

const fractionsAreFractions: Rule = (config, at) =>
  eachGate(config, (gate, path) => {
    if (!('dataset' in gate) || METRICS.get(gate.metric)?.metric.unit !== 'fraction') return [];
    return (['margin', 'guard-margin', 'at-least', 'at-most'] as const)
      .filter((field) => (gate[field] ?? 0) > 1)
      .map((field) =>
        problemAt(
          at,
          [...path, field],
          `${gate[field]} is more than the whole`,
          'write a percentage, such as 2%, or a fraction, such as 0.02',
        ),
      );
  });

/** Some metrics say little alone: a model that always says yes has perfect recall. */
const neededMetricsAreGated: Rule = (config, at) =>
  eachGate(config, (gate, path, gates) => {
    if (!('dataset' in gate) || gate.watch === true) return [];
    const needs = METRICS.get(gate.metric)?.metric.needs;
    const isGated = gates.some(
      (other) => 'dataset' in other && other.dataset === gate.dataset && other.metric === needs?.metric && other.watch !== true,
    );
    if (needs === undefined || isGated) return [];
    const remedy = `add { dataset: ${gate.dataset}, metric: ${needs.metric}, margin: ... }`;
    return [problemAt(at, path, `a gate on ${gate.metric} without one on ${needs.metric}: ${needs.because}`, remedy)];
  });

const sitesNameChipsets: Rule = (config, at) =>
  (config.deploy?.sites ?? []).flatMap((site, index) =>
    Object.hasOwn(config.chipsets, site.chipset)
      ? []
      : [
          problemAt(
            at,
            ['deploy', 'sites', index, 'chipset'],
            `no chipset is named ${site.chipset}`,
            choices(Object.keys(config.chipsets)),
          ),
        ],
  );

const sitesAreNamedOnce: Rule = (config, at) => {
  const sites = config.deploy?.sites ?? [];
  const seen = new Set<string>();
  return sites.flatMap((site, index) => {
    const key = `${site.name} ${site.chipset}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew
      ? []
      : [problemAt(at, ['deploy', 'sites', index], `${site.name} on ${site.chipset} is listed twice`, 'remove one of them')];
  });
};

const rules: readonly Rule[] = [
  gatesNameModels,
  modelsHaveGates,
  gatesNameDatasetsAndChipsets,
  gatesDecideSomething,
  guardsHaveMargins,
  boundsFitTheMetric,
  fractionsAreFractions,
  neededMetricsAreGated,
  sitesNameChipsets,
  sitesAreNamedOnce,
  replayProblems,
  manifestProblems,
  graphProblems,
  graphDeployProblems,
  ledgerProblems,
];

type WrittenGate = WrittenConfig['gates'][string][number];

function eachGate(
  config: WrittenConfig,
  look: (gate: WrittenGate, path: readonly PropertyKey[], gates: readonly WrittenGate[]) => Problem[],
): Problem[] {
  return Object.entries(config.gates).flatMap(([model, gates]) =>
    gates.flatMap((gate, index) => look(gate, ['gates', model, index], gates)),
  );
}

function choices(names: readonly string[]): string {
  return names.length === 0 ? 'add it' : `name one of: ${names.join(', ')}`;
}
