import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOf } from '#kernel';
import { FileSampleSource } from '../../datasets/adapters/file-sample-source.ts';
import { formatPins } from '../../datasets/pins.ts';
import { gitModelRepository } from '../../git/adapters/git-model-repository.ts';
import { openRepository } from '../../git/adapters/repository.ts';
import { gatherChange } from '../../pipelines/check/plan/gather-change.ts';
import { openDatasets, type Datasets } from '../../pipelines/check/plan/open-datasets.ts';
import { runFieldproof, openModelRepository, type Ran } from './model-repository.ts';
import { writeClip } from '../make-clip.ts';

/** A repository whose datasets lie nowhere on its machine: their bytes, by path, are for a server to have. */
export type SourcedRepository = {
  folder: string;
  /** Below the root of either dataset. */
  files: Readonly<Record<'bench' | 'street', ReadonlyMap<string, Uint8Array>>>;
  git: (...args: string[]) => string;
  /** Commits files, and a configuration that says where the datasets lie. */
  commit: (sources: Readonly<Record<string, string>>, more?: Readonly<Record<string, string | Uint8Array>>) => void;
  fetch: (env?: Readonly<Record<string, string>>, head?: string) => Promise<Ran>;
  /** As a check opens them, after a fetch. */
  open: () => Promise<Datasets>;
  /** Of what was fetched. */
  cache: string;
  remove: () => void;
};

const config = (sources: Readonly<Record<string, string>>) => `version: 1
models:
  tiny: { build: models/tiny, image: registry.example/acme/tiny, task: classification }
datasets:
${['bench', 'street'].map((name) => `  ${name}: { manifest: datasets/${name}.yaml${sources[name] === undefined ? '' : `, source: ${sources[name]}`} }\n`).join('')}chipsets:
  here: { platform: linux/amd64 }
gates:
  tiny:
    - { dataset: bench, metric: top1, margin: 5% }
    - { dataset: street, metric: false-alarms-per-hour, at-most: 9 }
`;

const MANIFESTS = {
  'datasets/bench.yaml': `version: 1
kind: research
task: classification
classes: [nothing, person]
root: ../data/bench
samples: { folders: true }
pins: bench.sha256
`,
  'datasets/street.yaml': `version: 1
kind: replay
task: classification
classes: [nothing, person]
root: ../data/street
clips: clips.jsonl
pins: street.sha256
labels: { person: [person] }
rule: { frames-per-second: 5, persistence: 2, merge-gap: 1s, tolerance: 0.5s }
`,
};

export function makeSourcedRepository(): SourcedRepository {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-sourced-'));
  const model = path.join(folder, 'model');
  const cache = path.join(folder, 'fetched');
  const files = makeFiles(folder);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Team', '-c', 'user.email=team@example.com', ...args], { cwd: model, encoding: 'utf8' });
  for (const name of ['model', 'tmp']) mkdirSync(path.join(folder, name));
  git('init', '--quiet', '--initial-branch=main');
  const pinsOf = (name: 'bench' | 'street') =>
    formatPins(new Map([...files[name]].map(([file, bytes]) => [file, digestOf(bytes)])));
  const write = (written: Readonly<Record<string, string | Uint8Array>>) => {
    for (const [name, content] of Object.entries(written)) {
      mkdirSync(path.dirname(path.join(model, name)), { recursive: true });
      writeFileSync(path.join(model, name), content);
    }
  };
  write({
    ...MANIFESTS,
    'datasets/bench.sha256': pinsOf('bench'),
    'datasets/street.sha256': pinsOf('street'),
    'models/tiny/model.yaml': 'task: classification\n',
  });
  return {
    folder,
    files,
    git,
    cache,
    commit: (sources, more = {}) => {
      write({ 'fieldproof.yaml': config(sources), ...more });
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', 'Change');
    },
    fetch: async (env = {}, head = 'main') => {
      const args = ['fetch', '--base', 'main', '--head', head];
      return await runFieldproof(openModelRepository(folder), args, { FIELDPROOF_DATA: cache, ...env });
    },
    open: async () => {
      const repository = await openRepository(model, { environment: { PATH: process.env['PATH'], HOME: folder } });
      const models = gitModelRepository(repository, path.join(folder, 'tmp'), cache);
      return await openDatasets(await gatherChange(models, { base: 'main', head: 'main' }), models, new FileSampleSource(cache));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function makeFiles(folder: string): SourcedRepository['files'] {
  const clip = path.join(folder, 'clip.mp4');
  writeClip(clip, {
    width: 32,
    height: 16,
    framesPerSecond: 10,
    seconds: 2,
    draw: (pixels, index) => pixels.fill(20 + index * 4),
  });
  const line = JSON.stringify({ file: 'lobby/1.mp4', site: 'lobby', events: [] });
  return {
    bench: new Map([
      ['nothing/a b.jpg', Buffer.alloc(60_000, 'nothing')],
      ['person/1.jpg', Buffer.alloc(90_000, 'person')],
    ]),
    street: new Map<string, Uint8Array>([
      ['clips.jsonl', Buffer.from(`${line}\n`)],
      ['lobby/1.mp4', readFileSync(clip)],
    ]),
  };
}
