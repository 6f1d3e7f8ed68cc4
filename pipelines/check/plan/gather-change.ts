import { CouldNotRun } from '#kernel';
import { configFile, imageNames, readConfig, type Config, type ModelConfig } from '#config';
import type { ModelRepository } from '#git';
import { refuseSources } from './refuse-sources.ts';

/** One pull request: two commits, and the policy that judges what lies between them. */
export type Change = {
  base: string;
  head: string;
  /** The commit from which gates, budgets and dataset pins are read. */
  policy: string;
  config: Config;
  models: readonly ModelChange[];
  notes: readonly string[];
};

export type ModelChange = {
  model: ModelConfig;
  /** Where its entry in the configuration is from. */
  writtenBy: 'policy' | 'head';
  /** Git trees of its build folder; null where the commit has none. */
  trees: { base: string | null; head: string };
};

/**
 * Policy comes from the base, so that no pull request relaxes its own gate; a model that the base does not know yet may
 * bring its entry from head.
 */
export async function gatherChange(repository: ModelRepository, refs: { base: string; head: string }): Promise<Change> {
  const [base, head] = await Promise.all([repository.resolve(refs.base), repository.resolve(refs.head)]);
  const [fromBase, fromHead] = await Promise.all([repository.readFile(base, configFile), repository.readFile(head, configFile)]);
  if (fromBase === undefined && fromHead === undefined) throw noConfig(refs);
  const policy = fromBase === undefined ? head : base;
  // A fault that the head has mended is still in the base: Git's own notation says which of the two is meant.
  const named = fromBase === undefined || fromBase === fromHead ? configFile : `${refs.base}:${configFile}`;
  const judging = readConfig(fromBase ?? fromHead ?? '', named);
  const config = withNewModels(judging, fromHead === undefined ? null : readConfig(fromHead));
  const models = await Promise.all(
    config.models.map(async (model, index): Promise<ModelChange> => {
      const writtenBy = index < judging.models.length ? 'policy' : 'head';
      return { model, writtenBy, trees: await treesOf(repository, model, base, head) };
    }),
  );
  const added = config.models.slice(judging.models.length).map(({ name }) => name);
  return { base, head, policy, config, models, notes: [...policyNotes(fromBase, fromHead), ...newModelNotes(added)] };
}

function withNewModels(policy: Config, proposed: Config | null): Config {
  const known = new Set(policy.models.map((model) => model.name));
  const added = (proposed?.models ?? []).filter((model) => !known.has(model.name));
  refuseSources(policy, proposed, added);
  const datasets = { ...(added.length > 0 ? asProposed(proposed?.datasets ?? {}) : {}), ...policy.datasets };
  const models = [...policy.models, ...added];
  const deploy = policy.deploy === null ? null : { ...policy.deploy, images: imageNames(models) };
  return { ...policy, datasets, models, deploy };
}

/** What may be left out of a dataset is policy's to say: of one that the head brings, nothing. */
function asProposed(datasets: Config['datasets']): Config['datasets'] {
  return Object.fromEntries(Object.entries(datasets).map(([name, { manifest, source }]) => [name, { manifest, source }]));
}

async function treesOf(
  repository: ModelRepository,
  model: ModelConfig,
  base: string,
  head: string,
): Promise<ModelChange['trees']> {
  const [before, after] = await Promise.all([repository.treeOf(base, model.build), repository.treeOf(head, model.build)]);
  if (after === null) {
    throw new CouldNotRun({
      file: configFile,
      field: `models.${model.name}.build`,
      message: `${model.build} is not in the head commit ${head.slice(0, 12)}`,
      remedy: 'commit the folder, or correct the path',
    });
  }
  return { base: before, head: after };
}

function policyNotes(fromBase: string | undefined, fromHead: string | undefined): string[] {
  if (fromBase === undefined) return [`The base has no ${configFile}: judged by the one that the head brings.`];
  if (fromHead !== undefined && fromHead !== fromBase) {
    return [`${configFile} differs in head; gates, budgets and datasets are the base's. The change takes effect once merged.`];
  }
  return [];
}

/** Nobody has agreed to them yet, as somebody has to the base's. */
function newModelNotes(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const it = names.length === 1 ? 'it' : 'them';
  return [
    `The base does not know ${names.join(', ')}: the head's own gates and datasets judge ${it}. Read them before you merge.`,
  ];
}

function noConfig(refs: { base: string; head: string }): CouldNotRun {
  return new CouldNotRun({
    file: configFile,
    message: `neither ${refs.base} nor ${refs.head} has one`,
    remedy: 'run `fieldproof init` in the repository, and commit what it writes',
  });
}
