import { digestOfJson, type Digest } from '#kernel';
import { modelsOf } from '#graphs';
import type { Config, DeployConfig, ModelConfig } from './config.ts';

type Judging = Pick<Config, 'datasets' | 'chipsets' | 'deploy' | 'earlyStopping' | 'graphs' | 'places' | 'links'>;

/** Over all of a configuration that judges one model or says where it is deployed: a verdict holds under its own policy only. */
export function policyDigest({ datasets, chipsets, deploy, earlyStopping, ...config }: Judging, model: ModelConfig): Digest {
  const named = new Set(model.gates.flatMap((gate) => (gate.kind === 'quality' ? [gate.dataset] : [])));
  // Where its files are fetched from judges nothing: pins say which they are.
  const entries = Object.entries(datasets).filter(([name]) => named.has(name));
  const judgedOn = Object.fromEntries(entries.map(([name, { source: _source, ...dataset }]) => [name, dataset]));
  // What is not said is left out: a setting that is new must not make every verdict of before one under another policy.
  const { serves, ...said } = model;
  const judged = serves === null ? said : model;
  const early = earlyStopping ? { earlyStopping } : {};
  const graphs = graphsOf(config, model);
  return digestOfJson({
    model: judged,
    datasets: judgedOn,
    chipsets,
    deploy: deploy && whereDeployed(deploy),
    ...early,
    ...graphs,
  });
}

/**
 * Graphs whose gates judge the model too, and where they may run; nothing for a model that is judged alone. Where a graph is shipped to
 * judges nothing.
 */
function graphsOf({ graphs, places, links }: Pick<Config, 'graphs' | 'places' | 'links'>, { name }: ModelConfig) {
  const own = graphs.filter(({ graph, gates }) => gates.length > 0 && modelsOf(graph).has(name));
  if (own.length === 0) return {};
  return { graphs: own.map(({ deploy: _deploy, ...graph }) => graph), places, links };
}

/** Not how a release lands, in which order, nor how clusters are looked at: that judges nothing, and may change meanwhile. */
function whereDeployed({ mode: _mode, images: _images, watch: _watch, sites, ...deploy }: DeployConfig) {
  return { ...deploy, sites: sites.map(({ canary: _canary, context: _context, ...site }) => site) };
}
