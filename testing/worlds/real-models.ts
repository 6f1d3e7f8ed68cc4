import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { scoreReportSchema, type ScoredDataset } from '../../report/documents/score-report.ts';
import { mustRun, realData } from './real-data.ts';

/** COCO's eighty, in the order of the models in data/real. */
export const COCO =
  'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush'.split(
    ',',
  );

/** YOLOX-nano as its own demo reads it. */
export const YOLOX = {
  version: 1,
  name: 'yolox-nano',
  task: 'detection',
  labels: COCO,
  threshold: 0.3,
  weights: { default: 'yolox-nano-416.onnx' },
  preprocess: {
    resize: { width: 416, height: 416, kernel: 'linear', fit: 'letterbox', place: 'top-left', pad: 114 },
    channels: 'bgr',
  },
  output: { kind: 'dense', box: 'cxcywh', objectness: 'multiply', grid: [8, 16, 32] },
  postprocess: { nms: 'per-class', iou: 0.45, keep: 0.01 },
};

/** Sixty pictures of Pascal VOC: its twenty classes, with COCO's names of six of them. */
export const VOC = {
  kind: 'research',
  task: 'detection',
  classes: {
    aeroplane: ['airplane'],
    bicycle: [],
    bird: [],
    boat: [],
    bottle: [],
    bus: [],
    car: [],
    cat: [],
    chair: [],
    cow: [],
    diningtable: ['dining table'],
    dog: [],
    horse: [],
    motorbike: ['motorcycle'],
    person: [],
    pottedplant: ['potted plant'],
    sheep: [],
    sofa: ['couch'],
    train: [],
    tvmonitor: ['tv'],
  },
  truth: { coco: 'detection/annotations.json', pictures: 'detection/images' },
};

type Model = {
  task: 'classification' | 'detection';
  /** Files of data/real/models, beside it. */
  weights: string;
  files: Readonly<Record<string, string>>;
};

/** Without version and pins. `root`: where its data are; data/real unless said. */
type Manifest = { kind: string; root?: string; [field: string]: unknown };

/** What `fieldproof score` says of one model on one dataset, in a folder that is made for it. */
export async function scoreReal(model: Model, manifest: Manifest, more: readonly string[] = []): Promise<ScoredDataset> {
  const gated = manifest.kind === 'replay' ? 'false-alarms-per-hour' : model.task === 'detection' ? 'ap' : 'top1';
  const folder = await mkdtemp(path.join(tmpdir(), 'fieldproof-real-'));
  try {
    for (const name of ['model', 'datasets']) await mkdir(path.join(folder, name));
    await copyFile(path.join(realData, 'models', model.weights), path.join(folder, 'model', model.weights));
    const root = path.relative(path.join(folder, 'datasets'), manifest.root ?? realData);
    const dataset = { version: 1, ...manifest, root, pins: 'real.sha256' };
    const written = { 'fieldproof.yaml': configOf(model, gated), 'datasets/real.yaml': stringify(dataset) };
    for (const [name, text] of Object.entries(written)) await writeFile(path.join(folder, name), text);
    for (const [name, text] of Object.entries(model.files)) await writeFile(path.join(folder, 'model', name), text);
    await mustRun(folder, ['pin', 'datasets/real.yaml']);
    await mustRun(folder, ['score', '--dataset', 'real', '--json', 'score.json', ...more]);
    const report = scoreReportSchema.parse(JSON.parse(await readFile(path.join(folder, 'score.json'), 'utf8')));
    const [scored] = report.models.flatMap(({ datasets }) => datasets);
    if (scored === undefined) throw new Error('nothing was scored');
    return scored;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The value of a metric; NaN where it is not defined. */
export function valueOf({ metrics }: ScoredDataset, name: string): number {
  return metrics.find(({ metric }) => metric === name)?.value ?? Number.NaN;
}

/** A gate has to be there; nothing is decided by it. */
function configOf({ task }: Model, gated: string): string {
  return stringify({
    version: 1,
    models: { real: { build: 'model', image: 'registry.example/acme/real', task } },
    datasets: { real: { manifest: 'datasets/real.yaml' } },
    chipsets: { here: { platform: 'linux/amd64', at: 'local', limits: { cpus: 2, memory: '2GiB' } } },
    gates: { real: [{ dataset: 'real', metric: gated, margin: gated === 'false-alarms-per-hour' ? 1 : '5%' }] },
  });
}
