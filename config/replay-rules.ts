import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { WrittenConfig } from './written-config.ts';
import type { WrittenReplay } from './written-replays.ts';

/** What no schema can say of `replays`: that what it names is there, and that no gate learns from what it judged. */
export function replayProblems(config: WrittenConfig, at: SourceMap): Problem[] {
  return Object.entries(config.replays).flatMap(([model, replay]) =>
    [namesModel, namesDataset, namesSites, namesSitesOnce, neverFeedsAGate, followsWhatIsLabelled, boundIsARecall].flatMap(
      (rule) => rule({ model, replay, config, at, path: ['replays', model] }),
    ),
  );
}

type Looked = { model: string; replay: WrittenReplay; config: WrittenConfig; at: SourceMap; path: readonly PropertyKey[] };

function namesModel({ model, config, at, path }: Looked): Problem[] {
  if (Object.hasOwn(config.models, model)) return [];
  return [problemAt(at, path, `no model is named ${model}`, `name one of: ${Object.keys(config.models).join(', ')}`)];
}

function namesDataset({ replay, config, at, path }: Looked): Problem[] {
  const named: [string, readonly PropertyKey[]][] = [[replay.dataset, [...path, 'dataset']]];
  if (replay.harvest?.dataset !== undefined) named.push([replay.harvest.dataset, [...path, 'harvest', 'dataset']]);
  return named.flatMap(([name, field]) =>
    Object.hasOwn(config.datasets, name)
      ? []
      : [problemAt(at, field, `no dataset is named ${name}`, `name one of: ${Object.keys(config.datasets).join(', ')}`)],
  );
}

/** What is deployed is read from the fleet, so there must be one. */
function namesSites({ replay, config, at, path }: Looked): Problem[] {
  const { deploy } = config;
  if (deploy === undefined) {
    return [
      problemAt(
        at,
        path,
        'there is no `deploy`, so nothing says what is deployed',
        'add deploy, with the fleet repository and its sites',
      ),
    ];
  }
  return replay.sites.flatMap((site, index) => {
    const serving = typeof site === 'string' ? site : site['served-by'];
    if (deploy.sites.some(({ name }) => name === serving)) return [];
    const remedy = `name one of: ${deploy.sites.map(({ name }) => name).join(', ')}; or say { name: ..., served-by: ... }`;
    return [problemAt(at, [...path, 'sites', index], `no site of deploy is named ${serving}`, remedy)];
  });
}

function namesSitesOnce({ replay, at, path }: Looked): Problem[] {
  const names = replay.sites.map((site) => (typeof site === 'string' ? site : site.name));
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [problemAt(at, [...path, 'sites', index], `${name} is listed twice`, 'remove one of them')],
  );
}

/** A gate that was trained towards is no gate. */
function neverFeedsAGate({ replay, config, at, path }: Looked): Problem[] {
  const { harvest } = replay;
  if (harvest?.dataset === undefined) return [];
  const judged = new Set(
    Object.values(config.gates).flatMap((gates) => gates.flatMap((gate) => ('dataset' in gate ? [gate.dataset] : []))),
  );
  const manifest = config.datasets[harvest.dataset]?.manifest;
  const sameFile = [...judged].find((name) => config.datasets[name]?.manifest === manifest);
  if (!judged.has(harvest.dataset) && sameFile === undefined) return [];
  const message = `${harvest.dataset} is judged by a gate, and a gate's own set must not learn from what it judged`;
  return [problemAt(at, [...path, 'harvest', 'dataset'], message, 'add a dataset of its own for harvested clips, and name that')];
}

function followsWhatIsLabelled({ replay, at, path }: Looked): Problem[] {
  if (replay.sampling['labelled-per-site-per-night'] > 0 && replay.harvest === undefined) {
    return [
      problemAt(
        at,
        [...path, 'sampling'],
        'draws clips for a person to label, but nothing says where they go',
        'add harvest: { folder: ... }',
      ),
    ];
  }
  if (replay.alarms.recall === undefined || replay.sampling['labelled-per-site-per-night'] > 0) return [];
  const message = 'recall can be followed on a random, labelled sample only, and none is drawn';
  return [problemAt(at, [...path, 'alarms', 'recall'], message, 'set sampling.labelled-per-site-per-night, or remove recall')];
}

function boundIsARecall({ replay, at, path }: Looked): Problem[] {
  const { recall } = replay.alarms;
  if (recall === undefined || recall['tolerated-loss'] < recall.expected) return [];
  return [problemAt(at, [...path, 'alarms', 'recall', 'tolerated-loss'], 'nothing would be left of the recall', 'tolerate less')];
}
