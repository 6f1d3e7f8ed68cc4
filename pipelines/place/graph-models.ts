import type { Config, GraphConfig } from '#config';
import { CouldNotRun, releaseId, type Progress, type Release } from '#kernel';
import type { ModelRepository } from '#git';
import { buildRelease, type ImagePorts } from '#pipelines/releases';

/** The models of a graph as one commit, or the working tree, has them: by stage. */
export type GraphModels = Readonly<Record<string, { release: Release; folder: string; variant: string | null }>>;

export type ModelSource = {
  config: Config;
  files: Pick<ModelRepository, 'treeOf' | 'extract'>;
  images: ImagePorts;
  progress: Progress;
};

/**
 * Builds every model that is a stage.
 * @param commit what its releases are called
 * @throws CouldNotRun for one that brings a server of its own: places run models by the stock runtime
 */
export async function buildGraphModels({ graph }: GraphConfig, source: ModelSource, commit: string): Promise<GraphModels> {
  const built = new Map<string, GraphModels[string]>();
  for (const { name, work } of graph.stages) {
    if (work.kind === 'container') throw notYet(graph.name, name);
    if (work.kind !== 'model') continue;
    const model = source.config.models.find((one) => one.name === work.model);
    if (model === undefined) continue;
    const { files, images, config, progress } = source;
    const { servable } = await buildRelease({ repository: files, images, config, model, writtenBy: 'policy', progress }, commit);
    if (servable.kind !== 'model') throw ownServer(graph.name, name, model.build);
    built.set(name, { release: servable.release, folder: servable.folder, variant: null });
  }
  return Object.fromEntries(built);
}

/** Stages whose model is another one. */
export function changedStages(base: GraphModels, head: GraphModels): string[] {
  return Object.entries(head)
    .filter(([stage, { release }]) => {
      const before = base[stage]?.release;
      return before === undefined || releaseId(before) !== releaseId(release);
    })
    .map(([stage]) => stage);
}

function ownServer(graph: string, stage: string, build: string): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: `graphs.${graph}.stages.${stage}`,
    message: `${build} is a container with a server of its own, and the places of a measurement run models by the stock runtime`,
    remedy: 'give it a model.yaml, or leave the graph out of what is measured here',
  });
}

function notYet(graph: string, stage: string): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof.yaml',
    field: `graphs.${graph}.stages.${stage}`,
    message: 'containers of your own are not started by a measurement yet',
    remedy: 'measure the graph without it, or run it as a model',
  });
}
