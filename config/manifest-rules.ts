import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { WrittenConfig } from './written-config.ts';

/** What no schema can say of the manifests that are asked for. */
export function manifestProblems(config: WrittenConfig, at: SourceMap): Problem[] {
  const { deploy } = config;
  if (deploy === undefined) return [];
  const problem = (field: string, message: string, remedy: string) => problemAt(at, ['deploy', field], message, remedy);
  const argo = deploy.controller === 'argocd';
  return [
    ...(deploy['application-set'] && !argo
      ? [problem('application-set', 'only Argo CD has ApplicationSets', 'remove it, or set controller: argocd')]
      : []),
    ...(deploy.progressive?.tool === 'kargo' && !argo
      ? [problem('progressive', 'Kargo promotes by Argo CD', 'set controller: argocd, or tool: rollouts')]
      : []),
    ...(deploy.layout === undefined
      ? []
      : (['application-set', 'verify', 'progressive'] as const)
          .filter((field) => deploy[field] !== undefined && deploy[field] !== false)
          .map((field) =>
            problem(
              field,
              'Fieldproof writes no manifests into a fleet repository with a layout of its own',
              `remove it, or deploy.layout`,
            ),
          )),
    ...verifyProblems(config, at),
    ...layoutProblems(config, at),
  ];
}

function verifyProblems({ deploy, datasets, gates }: WrittenConfig, at: SourceMap): Problem[] {
  const dataset = deploy?.verify?.dataset;
  if (dataset === undefined) return [];
  const place = ['deploy', 'verify', 'dataset'];
  if (!Object.hasOwn(datasets, dataset)) {
    return [problemAt(at, place, `no dataset is named ${dataset}`, `name one of: ${Object.keys(datasets).join(', ')}`)];
  }
  const isJudged = Object.values(gates).some((list) => list.some((gate) => 'dataset' in gate && gate.dataset === dataset));
  return isJudged ? [] : [problemAt(at, place, `no model is judged on ${dataset}`, 'name the dataset of a gate')];
}

function layoutProblems({ deploy, models, chipsets }: WrittenConfig, at: SourceMap): Problem[] {
  const known = {
    models: Object.keys(models),
    chipsets: Object.keys(chipsets),
    sites: deploy?.sites.map(({ name }) => name) ?? [],
  };
  return (deploy?.layout ?? []).flatMap(({ only }, index) =>
    (['models', 'sites', 'chipsets'] as const).flatMap((kind) =>
      only[kind]
        .filter((name) => !known[kind].includes(name))
        .map((name) =>
          problemAt(
            at,
            ['deploy', 'layout', index, 'only', kind],
            `there is no ${name} among the ${kind}`,
            `name some of: ${known[kind].join(', ')}`,
          ),
        ),
    ),
  );
}
