import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import { checkReportSchema, type CheckReport, type Finding } from '../../report/documents/check-report.ts';
import { testCache } from './model-repository.ts';
import { gitAtRest } from '../git-at-rest.ts';

/** 200 ImageNet pictures, SqueezeNet and a clip of a car park. They may not be redistributed, so they lie beside the checkout. */
export const realData = path.resolve(import.meta.dirname, '../../../shared/data/real');

/** What the name of a skipped group ends with; null where the data is there. */
export const withoutRealData = existsSync(realData) ? null : 'there is no ../shared/data/real here';

export const footageSeconds = 30.16;

/** What Caffe's SqueezeNet was trained with. Without the mean it still answers, and is often wrong. */
export const preprocess = (mean: 'with mean' | 'mean forgotten') => `preprocess:
  resize: { shorter-side: 256, kernel: lanczos3 }
  crop: { width: 224, height: 224 }
  channels: bgr
  layout: nchw
  type: float16
  range: [0, 255]
${mean === 'with mean' ? '  mean: [104, 117, 123]\n' : ''}`;

const vehicles = [407, 436, 468, 511, 569, 609, 627, 654, 656, 661, 675, 717, 734, 751, 757, 779, 817, 864, 867, 874];

/** Seen from above, vehicles look like little that ImageNet knows: their classes get a few hundredths, and nothing else does. */
const threshold = 0.025;

const gates = [
  { dataset: 'research', metric: 'top1', margin: '5%' },
  { dataset: 'street', metric: 'event-recall', margin: '5%', watch: true },
  { dataset: 'street', metric: 'false-alarms-per-hour', margin: 0.5, watch: true },
];

export type RealRepository = {
  folder: string;
  /** A new branch off another, with these files of the model changed. */
  branch: (name: string, from: string, files: Readonly<Record<string, string>>) => Promise<void>;
  remove: () => Promise<void>;
};

export const modelFolder = 'models/squeezenet';

/** As the README says: `fieldproof init` beside the weights, its "set" places filled in, the manifests written and pinned. */
export async function makeRealRepository(): Promise<RealRepository> {
  const home = await mkdtemp(path.join(tmpdir(), 'fieldproof-real-'));
  const folder = path.join(home, 'repository');
  const git = async (...args: string[]) => await execa('git', [...author, ...args], { cwd: folder, env: gitAlone });
  const write = async (name: string, text: string) => await writeFile(path.join(folder, name), text);
  for (const name of [modelFolder, 'datasets']) await mkdir(path.join(folder, name), { recursive: true });
  await git('init', '--quiet', '--initial-branch=main');
  await copyFile(path.join(realData, 'models/squeezenet-fp16.onnx'), path.join(folder, modelFolder, 'squeezenet-fp16.onnx'));
  await mustRun(folder, ['init', '--model', modelFolder, '--labels', path.join(realData, 'imagenet-labels.txt')]);
  await write('fieldproof.yaml', await configFrom(path.join(folder, 'fieldproof.yaml')));
  await write(`${modelFolder}/model.yaml`, await modelText(folder, 'with mean'));
  for (const [name, manifest] of Object.entries(await manifests(path.relative(path.join(folder, 'datasets'), realData)))) {
    await write(`datasets/${name}.yaml`, stringify(manifest));
    await mustRun(folder, ['pin', `datasets/${name}.yaml`]);
  }
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'SqueezeNet, and what judges it');
  return {
    folder,
    branch: async (name, from, files) => {
      await git('checkout', '--quiet', '-b', name, from);
      for (const [file, text] of Object.entries(files)) await write(file, text);
      await git('add', '--all');
      await git('commit', '--quiet', '--message', name);
    },
    remove: async () => await rm(home, { recursive: true, force: true }),
  };
}

/** The model.yaml that is there, with this preprocessing. */
export async function modelText(folder: string, mean: 'with mean' | 'mean forgotten'): Promise<string> {
  const text = await readFile(path.join(folder, modelFolder, 'model.yaml'), 'utf8');
  return text.replace(/^preprocess:[^]*/m, preprocess(mean)).replace(/^threshold: .*/m, `threshold: ${threshold}`);
}

async function configFrom(file: string): Promise<string> {
  const config = parse(await readFile(file, 'utf8')) as object;
  const datasets = { research: { manifest: 'datasets/research.yaml' }, street: { manifest: 'datasets/street.yaml' } };
  // Every picture is counted, also of what is sure to fail.
  return stringify({ ...config, 'early-stopping': 'off', datasets, gates: { squeezenet: gates } });
}

async function manifests(root: string): Promise<Record<string, unknown>> {
  const truth = JSON.parse(await readFile(path.join(realData, 'clips/car-detection.events.json'), 'utf8')) as {
    events: { label: string; startSeconds: number; endSeconds: number }[];
  };
  const events = truth.events.map(({ label, startSeconds, endSeconds }) => ({ label, start: startSeconds, end: endSeconds }));
  const common = { version: 1, task: 'classification', classes: 'imagenet-labels.txt', root };
  return {
    research: { ...common, kind: 'research', samples: { csv: 'ground-truth.csv', folder: 'images' }, pins: 'research.sha256' },
    street: {
      ...common,
      kind: 'replay',
      clips: [{ file: 'clips/car-detection.mp4', site: 'car-park', conditions: { light: 'day' }, events }],
      pins: 'street.sha256',
      labels: { vehicle: vehicles },
      rule: { 'frames-per-second': 5, persistence: 2, 'merge-gap': '2s', tolerance: '500ms' },
    },
  };
}

type Ran = {
  code: number | undefined;
  /** Wall-clock as the user sees it. */
  seconds: number;
  output: string;
  /** When each line of progress came, in seconds from the start. */
  steps: ReadonlyMap<string, number>;
};

export type Checked = Ran & { report: CheckReport };

/** @param more further arguments of `fieldproof check` */
export async function checkReal(folder: string, base: string, head: string, more: readonly string[] = []): Promise<Checked> {
  const file = path.join(folder, '..', `${base}-${head}.json`);
  await rm(file, { force: true });
  const ran = await fieldproof(folder, ['check', '--base', base, '--head', head, '--json', file, ...more]);
  if (!existsSync(file)) throw new Error(ran.output);
  return { ...ran, report: checkReportSchema.parse(JSON.parse(await readFile(file, 'utf8'))) };
}

/** What a check of one model says about a metric as a whole. */
export function findingOf({ models }: CheckReport, metric: string): Finding {
  const found = models.flatMap(({ findings }) => findings).find((finding) => finding.metric === metric && finding.slice === null);
  if (found === undefined) throw new Error(`no finding about ${metric}`);
  return found;
}

/** `bin/fieldproof`, as a user calls it. */
async function fieldproof(folder: string, args: readonly string[]): Promise<Ran> {
  const since = performance.now();
  const program = path.resolve(import.meta.dirname, '../../bin/fieldproof');
  const running = execa(program, args, {
    cwd: folder,
    env: { ...gitAlone, FIELDPROOF_CACHE: testCache, NO_COLOR: '1' },
    reject: false,
    all: true,
  });
  const steps = new Map<string, number>();
  for await (const line of running.iterable({ from: 'stderr' })) {
    steps.set(line.replace(/ ╌.*/, ''), (performance.now() - since) / 1000);
  }
  const { exitCode, all } = await running;
  return { code: exitCode, seconds: (performance.now() - since) / 1000, output: all, steps };
}

export async function mustRun(folder: string, args: readonly string[]): Promise<void> {
  const { code, output } = await fieldproof(folder, args);
  if (code !== 0) throw new Error(`fieldproof ${args.join(' ')} ended with ${code}\n${output}`);
}

export async function forgetAnswers(folder: string): Promise<void> {
  await rm(path.join(folder, '.git/fieldproof/answers'), { recursive: true });
}

/** Every trial that checks have kept, by the dataset's and the model's digest, in the order of their names. */
export async function answersIn(folder: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const kept = path.join(folder, '.git/fieldproof/answers');
  const answers = new Map<string, unknown[]>();
  for (const name of await readdir(kept)) {
    const [header = '', ...lines] = (await readFile(path.join(kept, name), 'utf8')).trim().split('\n');
    const { key } = JSON.parse(header) as { key: { release: { stages: { model: { model: string } } }; dataset: string } };
    answers.set(
      `${key.dataset} ${key.release.stages.model.model}`,
      lines
        .toSorted()
        .map((line) => JSON.parse(line) as object)
        .filter((line) => 'id' in line),
    );
  }
  return answers;
}

const author = ['-c', 'user.name=The test team', '-c', 'user.email=team@example.com'];
const gitAlone = { GIT_CONFIG_GLOBAL: '/dev/null', ...gitAtRest };
