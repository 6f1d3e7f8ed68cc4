import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ofCommandLine, startedAs } from '../installation.ts';
import { writeTinyModel, type TinyDescription, type TinyModel } from '../tiny-model.ts';
import { configText, replayManifest, researchManifest, writeFlashes, writePictures } from './colour-datasets.ts';
import { gitAtRest } from '../git-at-rest.ts';

/** What a user would have: a model repository, its data beside it, and a bare fleet repository. Everything is real. */
export type ModelRepository = {
  /** Holds `model/`, `fleet.git/`, `data/` and `tmp/`, the last being the CLI's TMPDIR. */
  folder: string;
  model: string;
  fleet: string;
  git(...args: string[]): string;
  gitFleet(...args: string[]): string;
  /** Files by their path below the model repository. */
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  writeModel(model?: TinyModel, description?: TinyDescription): Promise<void>;
  /** Commits everything and returns the commit. */
  commit(message: string): string;
  /** A new branch from main with this model on it. */
  propose(branch: string, model: TinyModel, description?: TinyDescription): Promise<void>;
  /** Everything that a run may not leave half written: both repositories' refs, files on disk, temporary files. */
  traces(): Record<string, string>;
  copy(): ModelRepository;
  remove(): void;
};

export type Ran = { code: number | null; stdout: string; stderr: string; seconds: number };

const CLI = ofCommandLine('cli.ts');

/** One cache for all tests of this machine: the runtime image in it is the same every time, and the slowest thing to make. */
export const testCache = path.join(tmpdir(), 'fieldproof-test-cache');

/** main holds `fieldproof.yaml`, the pinned datasets and a first model; nothing is deployed. */
export async function makeModelRepository(): Promise<ModelRepository> {
  const repository = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-')));
  const { folder, model, fleet } = repository;
  for (const name of ['model/datasets', 'data', 'tmp']) mkdirSync(path.join(folder, name), { recursive: true });
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', fleet]);
  git(folder, ['init', '--quiet', '--initial-branch=main', model]);
  await writePictures(path.join(folder, 'data', 'bench'));
  writeFlashes(path.join(folder, 'data', 'street'));
  repository.write({
    'fieldproof.yaml': configText,
    'datasets/bench.yaml': researchManifest,
    'datasets/street.yaml': replayManifest,
  });
  await repository.writeModel();
  for (const name of ['bench', 'street']) await mustRun(repository, ['pin', `datasets/${name}.yaml`]);
  repository.commit('Add the model and what judges it');
  return repository;
}

/** Where a repository keeps the trials of its checks. */
export function answersOf({ model }: ModelRepository): string {
  return path.join(model, '.git', 'fieldproof', 'answers');
}

/** The same with its first release judged, merged and deployed. */
export async function makeDeployedRepository(): Promise<ModelRepository> {
  const repository = await makeModelRepository();
  await mustRun(repository, ['check', '--base', 'main', '--head', 'main']);
  await mustRun(repository, ['deploy']);
  return repository;
}

async function mustRun(repository: ModelRepository, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runFieldproof(repository, args);
  if (code !== 0) throw new Error(`fieldproof ${args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
}

/** The CLI as a user calls it, in a process of its own, in the model repository. */
export async function runFieldproof(
  repository: ModelRepository,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const since = performance.now();
  const child = startFieldproof(repository, args, env);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, ...texts, seconds: (performance.now() - since) / 1000 };
}

/** The leader of a process group of its own, so that a test can end it with everything that it started. */
export function startFieldproof(
  repository: ModelRepository,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  return spawn(process.execPath, [...startedAs, CLI, ...args], {
    cwd: repository.model,
    env: {
      ...gitEnvironment,
      ...networkEnvironment,
      TMPDIR: path.join(repository.folder, 'tmp'),
      FIELDPROOF_CACHE: testCache,
      NODE_COMPILE_CACHE: path.join(testCache, 'node'),
      NO_COLOR: '1',
      ...env,
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const gitEnvironment = {
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...gitAtRest,
};

/** How this machine reaches what the runtime is made of, where it does so in a way of its own. */
const networkEnvironment = Object.fromEntries(
  ['NODE_EXTRA_CA_CERTS', 'FIELDPROOF_DEBIAN_MIRROR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/** One that is there already, or is about to be made. */
export function openModelRepository(folder: string): ModelRepository {
  const model = path.join(folder, 'model');
  const fleet = path.join(folder, 'fleet.git');
  const repository: ModelRepository = {
    folder,
    model,
    fleet,
    git: (...args) => git(model, args),
    gitFleet: (...args) => git(fleet, args),
    write: (files) => {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(model, name)), { recursive: true });
        writeFileSync(path.join(model, name), content);
      }
    },
    writeModel: (tiny, description) => writeTinyModel(path.join(model, 'models', 'tiny'), tiny, description),
    commit: (message) => {
      git(model, ['add', '--all']);
      git(model, ['commit', '--quiet', '--allow-empty', '--message', message]);
      return git(model, ['rev-parse', 'HEAD']);
    },
    propose: async (branch, tiny, description) => {
      git(model, ['checkout', '--quiet', '-b', branch, 'main']);
      await repository.writeModel(tiny, description);
      repository.commit(`Change the model: ${branch}`);
    },
    traces: () => ({
      'refs of the model repository': git(model, ['for-each-ref']),
      'refs of the fleet repository': existsSync(fleet) ? git(fleet, ['for-each-ref']) : 'none',
      'working tree': git(model, ['status', '--porcelain']),
      'files beside them': readdirSync(folder).join(' '),
      'temporary files': readdirSync(path.join(folder, 'tmp')).join(' '),
    }),
    copy: () => {
      const other = mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-'));
      cpSync(folder, other, { recursive: true, preserveTimestamps: true });
      return openModelRepository(other);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return repository;
}

const author = {
  GIT_AUTHOR_NAME: 'The test team',
  GIT_AUTHOR_EMAIL: 'team@example.com',
  GIT_COMMITTER_NAME: 'The test team',
  GIT_COMMITTER_EMAIL: 'team@example.com',
};

function git(folder: string, args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...gitEnvironment, ...author },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}
