/** What the team does with Git: a first release, two branches, and a merge. */
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CLI, execute } from './execute.ts';
import { writeBench, writeStreet } from '../scenes/write-dataset.ts';

export const EXAMPLE = path.resolve(import.meta.dirname, '..');
const [BENCH_PICTURES, CLIPS_PER_SITE] = [40, 6];

/** As the example has it, with gates that few pictures can decide, and without speed, which a busy machine cannot tell. */
export const CONFIG = `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
  field: { manifest: datasets/field.yaml }
chipsets:
  edge-box: { platform: linux/amd64, at: local, limits: { cpus: 1, memory: 1GiB } }
  cloud-x86: { platform: linux/amd64, at: local, limits: { cpus: 2, memory: 1GiB } }
gates:
  porch:
    - { dataset: bench, metric: top1, margin: 15%, at-least: 50% }
    - { dataset: street, metric: event-recall, margin: 20%, at-least: 30%, watch: [site, light] }
    - { dataset: street, metric: false-alarms-per-hour, margin: 120, at-most: 400 }
deploy:
  controller: flux
  repository: https://github.com/acme/porch-fleet.git
  branch: main
  sites:
    - { name: lobby-berlin, chipset: edge-box }
    - { name: porch-oslo, chipset: edge-box }
    - { name: cloud-eu, chipset: cloud-x86 }
replays:
  porch:
    source: ../footage
    dataset: street
    sites: [lobby-berlin]
    alarms: { false-alarm-rate: 20%, reference-nights: 10 }
    harvest: { folder: labels/porch, dataset: field, unsure-within: 0% }
github: { app-id: 4711 }
`;

/** Hard clips are added here once they are labelled; no gate names it. */
const FIELD = readFileSync(path.join(EXAMPLE, 'repository', 'datasets', 'street.yaml'), 'utf8')
  .replace(/^#.*\n/, '# Clips from the field that people labelled, to train on.\n')
  .replace('root: ../../data/street', 'root: ../../footage')
  .replaceAll('street.', 'field.');

export type Team = {
  /** The team's clone of the model repository. */
  folder: string;
  git: (...args: string[]) => Promise<string>;
  /** Commits files, given by their path, and pushes the branch. Returns the commit. */
  push: (branch: string, message: string, files: Readonly<Record<string, Source>>) => Promise<string>;
  /** As GitHub does for a merge queue: a branch of its own, on which this one is merged onto `onto`. Returns the commit. */
  queue: (branch: string, onto: string, number: number) => Promise<string>;
  /** Merges as GitHub does when somebody presses the button, and pushes. Returns the commit. */
  merge: (branch: string, number: number) => Promise<string>;
};

/** Copied from the example, or written as it stands here. */
export type Source = { copy: string } | { text: string };

export type Place = { folder: string; remote: string; data: string; env: Readonly<Record<string, string>> };

export const weights = (name: string): Source => ({ copy: `models/porch-${name}.onnx` });

/** `model.yaml` of the example, with one line changed. */
export function modelYaml(from = '', to = ''): Source {
  const text = readFileSync(path.join(EXAMPLE, 'repository', 'models', 'porch', 'model.yaml'), 'utf8');
  if (!text.includes(from)) throw new Error(`model.yaml of the example has no '${from}'`);
  return { text: text.replace(from, to) };
}

export async function drawData(folder: string): Promise<void> {
  await writeBench(path.join(folder, 'bench'), { seed: 1, count: BENCH_PICTURES });
  await writeStreet(path.join(folder, 'street'), { seed: 1, clipsPerSite: CLIPS_PER_SITE });
}

/** A repository whose first release is yet to be judged: pushed, with its datasets pinned and its workflows. */
export async function foundTeam({ folder, remote, data, env }: Place): Promise<Team> {
  // Commits of the same moment have the same ids from run to run.
  let commits = 0;
  const git = async (...args: string[]): Promise<string> => {
    const date = new Date(Date.UTC(2026, 1, 28, 9, commits)).toISOString();
    const dated = { ...env, ...PERSON, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return await execute('git', args, { cwd: folder, env: dated });
  };
  const commit = async (message: string): Promise<string> => {
    commits += 1;
    await git('add', '--all');
    await git('commit', '--quiet', '--message', message);
    return await git('rev-parse', 'HEAD');
  };
  mkdirSync(folder, { recursive: true });
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', remote);
  write(folder, {
    'fieldproof.yaml': { text: CONFIG },
    'models/porch/model.yaml': modelYaml(),
    'models/porch/porch.onnx': weights('v1'),
    'datasets/bench.yaml': { copy: 'repository/datasets/bench.yaml' },
    'datasets/street.yaml': { copy: 'repository/datasets/street.yaml' },
    'datasets/field.yaml': { text: FIELD },
  });
  renameSync(path.join(data, 'street', 'clips.jsonl'), path.join(folder, 'datasets', 'street.jsonl'));
  const fieldproof = (...args: string[]) => execute(CLI, args, { cwd: folder, env });
  await fieldproof('init', '--model', 'models/porch', '--github', '--action', `acme/fieldproof@${'f'.repeat(40)}`);
  for (const name of ['bench', 'street']) await fieldproof('pin', `datasets/${name}.yaml`);
  await commit('Add the porch model, and judge what changes it');
  await git('push', '--quiet', 'origin', 'main');
  return {
    folder,
    git,
    push: async (branch, message, files) => {
      const there = (await git('branch', '--list', branch)) !== '';
      await git('checkout', '--quiet', ...(there ? [branch] : ['-b', branch, 'main']));
      write(folder, files);
      const made = await commit(message);
      await git('push', '--quiet', 'origin', branch);
      return made;
    },
    queue: async (branch, onto, number) => {
      commits += 1;
      await git('checkout', '--quiet', '-b', `gh-readonly-queue/main/pr-${number}-${onto}`, onto);
      await git('merge', '--quiet', '--no-ff', '--message', `Merge pull request #${number} from acme/${branch}`, branch);
      await git('push', '--quiet', 'origin', 'HEAD');
      return await git('rev-parse', 'HEAD');
    },
    merge: async (branch, number) => {
      await git('checkout', '--quiet', 'main');
      commits += 1;
      await git('merge', '--quiet', '--no-ff', '--message', `Merge pull request #${number} from acme/${branch}`, branch);
      await git('push', '--quiet', 'origin', 'main');
      return await git('rev-parse', 'HEAD');
    },
  };
}

const PERSON = {
  GIT_AUTHOR_NAME: 'The porch team',
  GIT_AUTHOR_EMAIL: 'porch@example.com',
  GIT_COMMITTER_NAME: 'The porch team',
  GIT_COMMITTER_EMAIL: 'porch@example.com',
};

export function write(folder: string, files: Readonly<Record<string, Source>>): void {
  for (const [name, source] of Object.entries(files)) {
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    if ('copy' in source) cpSync(path.join(EXAMPLE, source.copy), target);
    else writeFileSync(target, source.text);
  }
}
