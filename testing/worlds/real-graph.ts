/** A graph of YOLOX-nano and OSNet on real footage, under the four placements of the field. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { mustRun, realData } from './real-data.ts';
import { YOLOX } from './real-models.ts';

/** OSNet as its training reads people: half as wide as high, with ImageNet's mean and spread. */
const OSNET = {
  version: 1,
  name: 'osnet',
  task: 'embedding',
  weights: { default: 'osnet-x0.25-256x128.onnx' },
  preprocess: {
    resize: { width: 128, height: 256, kernel: 'linear' },
    range: [0, 1],
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
};
export const withOsnet = existsSync(path.join(realData, 'models/osnet-x0.25-256x128.onnx'));

const clips = {
  'car-detection': { label: 'vehicle', classes: ['car', 'truck', 'bus', 'cell phone'] },
  'one-by-one-person-detection': { label: 'person', classes: ['person'] },
} as const;

const find = { model: 'find', from: 'moving' };
const stages = {
  look: { stock: 'decode' },
  sample: { stock: 'sample', from: 'look', 'frames-per-second': 2 },
  moving: { stock: 'motion', from: 'sample', area: '0.5%', hold: '2s' },
  find,
  arrivals: { stock: 'events', from: 'find' },
};
const people = {
  cut: { stock: 'crop', from: ['moving', 'find'], classes: ['person'], most: 2 },
  who: { model: 'who', from: 'cut' },
  known: { stock: 'index', from: 'who', label: 'person', similarity: 0.7 },
};

/** A repository with a graph over one real clip; with OSNet where it knows people. @returns its folder */
export async function layRealGraph(name: keyof typeof clips, { knowsPeople }: { knowsPeople: boolean }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-graph-'));
  const models = { find: YOLOX, ...(knowsPeople && { who: OSNET }) };
  for (const [model, description] of Object.entries(models)) {
    await mkdir(path.join(folder, model));
    const weights = description.weights.default;
    await copyFile(path.join(realData, 'models', weights), path.join(folder, model, weights));
    await writeFile(path.join(folder, model, 'model.yaml'), stringify(description));
  }
  await mkdir(path.join(folder, 'datasets'));
  await writeFile(path.join(folder, 'datasets/real.yaml'), stringify(await manifestOf(name, folder)));
  const known = knowsPeople ? people : {};
  const cloud = knowsPeople ? { who: 'cloud', known: 'cloud' } : {};
  const model = (task: string, build: string) => ({ build, image: `registry.example/acme/${build}`, task });
  const config = {
    version: 1,
    models: { find: model('detection', 'find'), ...(knowsPeople && { who: model('embedding', 'who') }) },
    datasets: { real: { manifest: 'datasets/real.yaml' } },
    chipsets: { here: { platform: 'linux/amd64' } },
    gates: {
      find: [{ chipset: 'here', metric: 'latency-p50', margin: '50%' }],
      ...(knowsPeople && { who: [{ chipset: 'here', metric: 'latency-p50', margin: '50%' }] }),
    },
    graphs: { site: { footage: 'real', stages: { ...stages, ...known }, answer: 'arrivals' } },
    places: { edge: { cpus: 0.5 }, server: { cpus: 1, price: { month: 60 } }, cloud: { cpus: 1, price: { 'cpu-hour': 0.05 } } },
    links: { dsl: { up: '4Mbit/s', down: '16Mbit/s', price: { gigabyte: 0.08 } } },
    placements: {
      site: {
        traditional: { stages: { '*': 'server' } },
        hybrid: { stages: { look: 'edge', sample: 'edge', moving: 'edge', '*': 'cloud' }, link: 'dsl' },
        'more-edge': { stages: { '*': 'edge', arrivals: 'cloud', ...cloud }, link: 'dsl' },
        'more-cloud': { stages: { look: 'edge', '*': 'cloud' }, link: 'dsl' },
      },
    },
  };
  await writeFile(path.join(folder, 'fieldproof.yaml'), stringify(config));
  await mustRun(folder, ['pin', 'datasets/real.yaml']);
  return folder;
}

async function manifestOf(name: keyof typeof clips, folder: string) {
  const { label, classes } = clips[name];
  const own = path.join(import.meta.dirname, `real-clips/${name}.events.json`);
  const file = existsSync(own) ? own : path.join(realData, `clips/${name}.events.json`);
  const truth = JSON.parse(await readFile(file, 'utf8')) as { events: { startSeconds: number; endSeconds: number }[] };
  const events = truth.events.map(({ startSeconds: start, endSeconds: end }) => ({ label, start, end }));
  return {
    version: 1,
    kind: 'replay',
    task: 'classification',
    classes,
    root: path.relative(path.join(folder, 'datasets'), realData),
    clips: [{ file: `clips/${name}.mp4`, site: name, events }],
    pins: 'real.sha256',
    labels: { [label]: classes },
    rule: { 'frames-per-second': 2, persistence: 2, 'merge-gap': '2s', tolerance: '500ms', 'minimum-area': 0.005 },
  };
}
