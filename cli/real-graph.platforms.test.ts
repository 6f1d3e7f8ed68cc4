import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { placeReportSchema, type PlaceReport } from '#report';
import { mustRun, realData, withoutRealData } from '../testing/worlds/real-data.ts';
import { YOLOX } from '../testing/worlds/real-models.ts';

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
const withOsnet = existsSync(path.join(realData, 'models/osnet-x0.25-256x128.onnx'));

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

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function lay(name: keyof typeof clips, knowsPeople: boolean): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-graph-'));
  folders.push(folder);
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
  const own = path.join(import.meta.dirname, `../testing/worlds/real-clips/${name}.events.json`);
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

async function place(folder: string, more: readonly string[]): Promise<PlaceReport> {
  await mustRun(folder, ['place', '--json', 'place.json', ...more]);
  return placeReportSchema.parse(JSON.parse(await readFile(path.join(folder, 'place.json'), 'utf8')));
}

const valueOf = (report: PlaceReport, placement: string, name: string) =>
  report.placements.find((one) => one.placement === placement)?.measures.find((measure) => measure.name === name)?.value ??
  Number.NaN;

describe.skipIf(withoutRealData !== null)(
  `a graph on real footage${withoutRealData === null ? '' : `: ${withoutRealData}`}`,
  { timeout: 1_200_000 },
  () => {
    it('of a car park is measured under its four placements by one command', async () => {
      const report = await place(await lay('car-detection', false), ['--repeats', '1']);
      expect(report.placements.map(({ placement }) => placement)).toEqual(['traditional', 'hybrid', 'more-edge', 'more-cloud']);
      console.log(
        report.placements
          .map(({ placement, measures }) => `${placement}: ${measures.map(({ name, value }) => `${name} ${value}`).join(', ')}`)
          .join('\n'),
      );
      expect(valueOf(report, 'traditional', 'event-recall')).toBe(1);
      expect(valueOf(report, 'traditional', 'uplink')).toBe(0);
      // Detections are a few hundred bytes, frames are pictures.
      expect(valueOf(report, 'more-edge', 'uplink')).toBeLessThan(0.1 * valueOf(report, 'hybrid', 'uplink'));
      expect(valueOf(report, 'hybrid', 'uplink')).toBeLessThanOrEqual(1.1 * valueOf(report, 'more-cloud', 'uplink'));
    });

    it.skipIf(!withOsnet)('of a corridor knows people by OSNet, whose crops alone go up', async () => {
      const report = await place(await lay('one-by-one-person-detection', true), ['--repeats', '1', '--placement', 'more-edge']);
      const [placement] = report.placements;
      const handled = (stage: string) => placement?.stages.find((one) => one.stage === stage)?.handled ?? 0;
      expect(handled('who')).toBeGreaterThan(10);
      expect(handled('known')).toBe(handled('who'));
      expect(valueOf(report, 'more-edge', 'event-recall')).toBeGreaterThan(0.8);
    });
  },
);
