import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '#config';
import { datasetManifestSchema } from '#datasets';
import { openWorkingTree } from '#git/adapters';
import type { OnnxHeader, OnnxValue } from '#images';
import { formatProblem, parseYaml } from '#kernel';
import { modelDescriptionSchema } from '../../../runtime/model-description.ts';
import { rfdetr, SECRET, ssdDefault, yoloGeneric, yolonas } from '../../../testing/worlds/frigate-configs.ts';
import { ultralytics } from '../../../testing/onnx-metadata.ts';
import { describedFiles } from '../describe-model.ts';
import { firstFiles, modelNameOf } from '../first-files.ts';
import { CAMERAS, cameraFiles, replaysText } from './camera-files.ts';
import { gatherFrigate, type FrigateOptions } from './gather-frigate.ts';

type Shape = OnnxValue['shape'];
const value = (name: string, shape: Shape, type: OnnxValue['type'] = 'float32'): OnnxValue => ({ name, type, shape });
const square = (side: number): Shape => [1, 3, side, side];

function header(outputs: Record<string, Shape>, more: Partial<OnnxHeader> = {}): OnnxHeader {
  const shaped = Object.entries(outputs).map(([name, shape]) => value(name, shape));
  return { inputs: [value('images', square(320))], outputs: shaped, metadata: new Map(), producer: 'pytorch', ...more };
}

const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-frigate-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A folder with config.yml in it, and whatever else it is said to hold. */
async function takeOver(
  config: string,
  of: OnnxHeader | null,
  options: Partial<FrigateOptions> & { files?: Record<string, string> } = {},
) {
  const home = path.join(folder, String((count += 1)));
  const named = /path: \/config\/(\S+\.onnx)/.exec(config)?.[1];
  const files = { 'config.yml': config, ...(of !== null && named !== undefined && { [named]: 'weights' }), ...options.files };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  }
  const ports = {
    platform: 'linux/arm64',
    tree: openWorkingTree(home),
    header: () => of ?? header({}),
    data: () => [],
    tryPicture: async () => await Promise.reject(new Error('no picture is run here')),
  };
  const gathered = await gatherFrigate({ frigate: 'config.yml', ...options }, ports, null);
  const { described, dataset, taken } = gathered;
  const replays = replaysText(
    dataset,
    modelNameOf(described.folder),
    taken.cameras.map(({ name }) => name),
  );
  const clips = { ...CAMERAS, files: cameraFiles(dataset, home), replays };
  const modelFiles = describedFiles(described);
  const written = firstFiles(
    { modelFolder: described.folder, task: 'detection', modelFiles, images: null, clips },
    'linux/arm64',
  );
  const text = (end: string) => written.find((file) => file.path.endsWith(end))?.text ?? '';
  return {
    ...gathered,
    text,
    all: written.map((file) => file.text).join(''),
    config: readConfig(text('fieldproof.yaml')),
    manifest: parseYaml(text('cameras.yaml'), 'cameras.yaml', datasetManifestSchema).value,
    model: parseYaml(text('model.yaml'), 'model.yaml', modelDescriptionSchema).value,
    told: gathered.notes.map(formatProblem).join('\n'),
  };
}

const problemsOf = async (config: string): Promise<string> =>
  await takeOver(config, null).then(
    () => 'nothing',
    (thrown: unknown) => String(thrown instanceof Error ? thrown.message : thrown),
  );

describe('a Frigate configuration', () => {
  it('with a YOLO, zones and a label map becomes a model and a rule that our own readers take', async () => {
    const { model, manifest, config, text, told, described } = await takeOver(yoloGeneric, header({ output0: [1, 84, 2100] }));
    expect(described.folder).toBe('models/yolo');
    expect(model).toMatchObject({
      task: 'detection',
      threshold: 0.7,
      weights: { default: 'yolo.onnx' },
      preprocess: { resize: { width: 320, height: 320, fit: 'letterbox' }, channels: 'rgb', layout: 'nchw', range: [0, 1] },
      output: { kind: 'dense', box: 'cxcywh' },
      postprocess: { nms: 'per-class' },
    });
    expect(text('labels.txt').split('\n').slice(0, 8)).toEqual(
      'person|bicycle|vehicle|motorcycle|airplane|bus|train|truck'.split('|'),
    );
    expect(manifest).toEqual({
      version: 1,
      kind: 'replay',
      task: 'classification',
      classes: { person: [], vehicle: ['bus', 'truck'], dog: [] },
      root: '../recordings',
      clips: 'cameras.jsonl',
      pins: 'cameras.sha256',
      labels: { person: ['person'], vehicle: ['vehicle'], dog: ['dog'] },
      rule: {
        'frames-per-second': 5,
        persistence: 3,
        'merge-gap': 5000,
        tolerance: 1000,
        'minimum-area': 0.005,
        zones: {
          driveway: [
            [
              [0, 0.5],
              [1, 0.5],
              [1, 1],
              [0, 1],
            ],
          ],
          back_garden: [
            [
              [0, 0.5],
              [1, 0.5],
              [1, 1],
              [0, 1],
            ],
          ],
        },
      },
      cluster: 'clip',
    });
    expect(config.models.map(({ name }) => name)).toEqual(['yolo']);
    expect(config.chipsets.map(({ platform }) => platform)).toEqual(['linux/arm64']);
    expect(text('fieldproof.yaml')).toMatch(/metric: event-recall, margin: 5%.*\n.*metric: false-alarms-per-hour, margin: 20 /);
    const switchedOn = readConfig(text('fieldproof.yaml').replaceAll(/^# ?/gm, ''));
    expect(switchedOn.replays.map(({ sites }) => sites.map(({ name }) => name))).toEqual([['driveway', 'back_garden']]);
    expect(told).toMatch(/config\.yml:20:31 \(objects\.filters\.person\.max_area\): left out: no box is too large/);
    expect(told).toMatch(
      /cameras\.driveway\.motion\.mask\): left out: there are no masks\n +remedy: leave the place out of the zone/,
    );
    expect(told).toMatch(/zones\.pavement\.objects\): left out: a zone counts every label/);
    expect(told).toMatch(/how long an object must be there \(frames\) differs .* \(3 to 10\): the rule has the least, 3/);
    expect(told).toMatch(/cameras\.back_garden\.zones\): only what stands in a zone of camera back_garden will count/);
    expect(described.proposal.contradictions).toEqual([]);
  });

  it('without a model of its own gives a model.yaml that waits for its file, and says why', async () => {
    const { model, manifest, described, told } = await takeOver(ssdDefault, null);
    expect(described.folder).toBe('models/frigate');
    expect(model).toMatchObject({ weights: { default: 'model.onnx' }, output: { kind: 'rows' }, threshold: 0.7 });
    expect(manifest).toMatchObject({
      classes: { person: [], car: ['truck'] },
      rule: { 'frames-per-second': 10, persistence: 5, 'merge-gap': 2000 },
    });
    expect(told).toMatch(/\(model\.path\): there is none, so Frigate runs the model that it brings along, which is no ONNX/);
    expect(described.proposal.because.join()).toMatch(/no file was read/);
  });

  it('with YOLO-NAS reads its rows as Frigate does, and leaves out what it finds by other models', async () => {
    const { model, manifest, told } = await takeOver(
      yolonas,
      header({ graph2_flat_predictions: ['boxes', 7] }, { inputs: [value('input', square(320), 'uint8')] }),
    );
    expect(model).toMatchObject({
      preprocess: { channels: 'bgr' },
      output: { kind: 'rows', columns: ['picture', 'x1', 'y1', 'x2', 'y2', 'score', 'class'] },
      postprocess: { nms: 'none' },
    });
    expect(model.preprocess).toMatchObject({ range: [0, 255] });
    expect(manifest).toMatchObject({ classes: ['person', 'cat'] });
    expect(told).toMatch(/\(objects\.track\): left out: the model has no class called face/);
  });

  it('with RF-DETR counts its labels from behind the first column, which is nothing', async () => {
    const { model, manifest, text, described } = await takeOver(rfdetr, header({ dets: [1, 300, 4], labels: [1, 300, 91] }));
    expect(model).toMatchObject({
      preprocess: { range: [0, 1], mean: [0.485, 0.456, 0.406] },
      output: {
        kind: 'pair',
        boxes: 'dets',
        scores: 'labels',
        box: 'cxcywh',
        units: 'unit',
        activation: 'sigmoid',
        background: 'first',
      },
      postprocess: { nms: 'none' },
    });
    expect(text('labels.txt').split('\n').slice(0, 3)).toEqual(['person', 'bicycle', 'car']);
    expect(text('labels.txt').trim().split('\n')).toHaveLength(90);
    expect(manifest).toMatchObject({ labels: { person: ['person'], car: ['car'], 'traffic-light': ['traffic light'] } });
    expect(described.proposal.contradictions).toEqual([]);
  });

  it.each([
    ['int', [0, 1]],
    ['float', [0, 1]],
    ['float_denorm', [0, 255]],
  ])('hands over pixels as input_dtype %s has it, where the file takes floats', async (dtype, range) => {
    const config = yoloGeneric.replace('dtype: float', `dtype: ${dtype}`);
    expect((await takeOver(config, header({ output0: [1, 84, 2100] }))).model.preprocess).toMatchObject({ range });
  });

  it('with D-FINE tells it the size that it asks for', async () => {
    const inputs = [value('images', square(640)), value('orig_target_sizes', [1, 2], 'int64')];
    const config = rfdetr.replace('rfdetr', 'dfine').replaceAll('320', '640');
    const outputs = { labels: [1, 300], boxes: [1, 300, 4], scores: [1, 300] };
    const { model } = await takeOver(config, header(outputs, { inputs }), {
      files: { 'names.txt': 'person\ncar\ntraffic light\n' },
      labels: 'names.txt',
    });
    expect(model).toMatchObject({
      input: 'images',
      sizes: { input: 'orig_target_sizes' },
      output: { kind: 'parallel', classes: 'labels', units: 'pixels' },
    });
  });

  it.each<[string, string, OnnxHeader, RegExp]>([
    [
      'its size',
      yoloGeneric.replace('width: 320', 'width: 640'),
      header({ output0: [1, 84, 2100] }),
      /Frigate's model is 640x320, and its input takes 320x320/,
    ],
    [
      'its layout',
      yoloGeneric.replace('nchw', 'nhwc'),
      header({ output0: [1, 84, 2100] }),
      /input_tensor is nhwc, and its input is nchw/,
    ],
    [
      'its numbers',
      yoloGeneric.replace('dtype: float', 'dtype: int'),
      header({ output0: [1, 84, 2100] }),
      /input_dtype is int, and its input takes float32/,
    ],
    [
      'its family',
      yoloGeneric.replace('yolo-generic', 'rfdetr'),
      header({ output0: [1, 84, 2100] }),
      /model_type is rfdetr, and its outputs are not of that kind/,
    ],
    ['its classes', yoloGeneric, header({ output0: [1, 24, 2100] }), /it has 80 labels, and its output has room for 20 classes/],
    [
      'how many outputs it has',
      yoloGeneric,
      header({ a: [1, 255, 40, 40], b: [1, 255, 20, 20], c: [1, 255, 10, 10] }),
      /it has 3 outputs, and is read as if it had one/,
    ],
  ])('that contradicts the file is told so: %s', async (_, config, of, expected) => {
    expect((await takeOver(config, of)).described.proposal.contradictions.join('\n')).toMatch(expected);
  });

  it('whose label map is not that of the file is told so', async () => {
    const metadata = new Map(Object.entries(ultralytics('detect', ['person', 'dog'], 320)));
    const { told } = await takeOver(yoloGeneric, header({ output0: [1, 6, 2100] }, { metadata }));
    expect(told).toMatch(
      /\(model\.labelmap_path\): contradiction: the file calls its class 1 "dog", and the label map "bicycle"/,
    );
  });

  it.each([
    ['plus://1234abcd', /it is a model of Frigate\+/],
    ['/cpu_model.tflite', /it is a model for TensorFlow Lite/],
    ['/openvino-model/ssdlite.xml', /it is a model for OpenVINO/],
    ['"{FRIGATE_MODEL}"', /it is put together from the environment/],
    ['/media/models/away.onnx', /it is not at that place on this machine/],
  ])('that names the model %s says what to do instead', async (file, expected) => {
    const { told, described } = await takeOver(yoloGeneric.replace('/config/model_cache/yolo.onnx', file), null);
    expect(told).toMatch(expected);
    expect(described.weights).toBe('model.onnx');
  });

  it('that wants yuv says that it cannot be had', async () => {
    const config = rfdetr.replace('input_dtype', 'input_pixel_format: yuv\n  input_dtype');
    expect((await takeOver(config, header({ dets: [1, 300, 4], labels: [1, 300, 91] }))).told).toMatch(
      /not as yuv\n +remedy: export/,
    );
  });

  it('never gives away a password, nor what stands in an address', async () => {
    for (const config of [yoloGeneric, ssdDefault, yolonas, rfdetr]) {
      const { all, told } = await takeOver(config, null);
      expect(all + told).not.toMatch(new RegExp(`${SECRET}|192\\.0\\.2|RTSP|mqtt`));
    }
  });

  it('whose only detector has a model of its own means that one', async () => {
    const own =
      'detectors: { ov: { type: openvino, model: { width: 640, height: 640, model_type: yolox } } }\nmodel: { width: 320 }\n';
    const { model } = await takeOver(`${own}cameras: { a: {} }\n`, null);
    expect(model).toMatchObject({
      preprocess: { resize: { width: 640, height: 640 } },
      output: { kind: 'dense', grid: [8, 16, 32] },
    });
  });

  it.each<[string, string, RegExp]>([
    ['is no YAML', `mqtt: { password: *${SECRET} }\ncameras: {`, /^config\.yml:\d+:\d+: not YAML\n/],
    ['has no camera', 'cameras: {}', /^config\.yml:1:1 \(cameras\): names no camera/],
    ['has none that is on', 'cameras: { a: { enabled: false } }', /\(cameras\): no camera is switched on/],
    ['names a camera as nobody could', 'cameras: { "../a": {} }', /\(cameras\.\.\.\/a\): .*name of letters, digits/],
    [
      'has a word for a number',
      `cameras: { a: { detect: { fps: ${SECRET} } } }`,
      /^config\.yml:1:27 \(cameras\.a\.detect\.fps\): /,
    ],
    [
      'has several models, as Frigate 0.18 may',
      'models: { outdoor: { path: a.onnx }, indoor: { path: b.onnx } }\ncameras: { a: {} }',
      /^config\.yml:1:1 \(models\): has several models, each for some of the cameras\n +remedy: copy the configuration, leave one/,
    ],
    [
      'has detectors that run different models',
      'detectors: { one: { model: { width: 320 } }, two: { model: { width: 640 } } }\ncameras: { a: {} }',
      /\(detectors\): has detectors that run different models/,
    ],
    ['has another type of model', 'model: { model_type: magic }\ncameras: { a: {} }', /\(model\.model_type\): .*one of/],
    [
      'tracks nothing that there is',
      'objects: { track: [unicorn] }\ncameras: { a: {} }',
      /\(objects\.track\): .*nothing that is tracked \(unicorn\)/,
    ],
    ['is larger than any', `cameras: { a: {} }\n# ${'x'.repeat(1024 * 1024)}`, /larger than 1 MiB/],
    [
      'expands without end',
      `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ncameras: { a: {} }`,
      /aliases expand without end/,
    ],
  ])('that %s is refused by its place, and its values stay unsaid', async (_, config, expected) => {
    const told = await problemsOf(config);
    expect(told).toMatch(expected);
    expect(told).not.toContain(SECRET);
  });

  it.each([
    ['0,0.5,1', /these are no pairs of numbers/],
    ['a,b,c,d,e,f', /these are no pairs of numbers/],
    ['0,0,1,1', /a zone needs three points/],
    ['0,0,640,0,640,480', /these are pixels, and nothing says of how many\n +remedy: set detect\.width/],
  ])('leaves out the zone %s, and says why', async (coordinates, expected) => {
    const { told, manifest } = await takeOver(`cameras: { a: { zones: { z: { coordinates: "${coordinates}" } } } }`, null);
    expect(told).toMatch(expected);
    expect(JSON.stringify(manifest)).not.toContain('zones');
  });
});

describe('recordings of Frigate', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
  const files = Object.fromEntries(
    [...hours.map((hour) => `2026-03-01/${hour}/driveway/${hour}.20.mp4`), '2026-03-01/05/driveway/notes.txt'].map((name) => [
      `media/recordings/${name}`,
      'pixels',
    ]),
  );

  it('are listed for labelling, spread over the hours, and claim nothing', async () => {
    const { text, manifest } = await takeOver(yoloGeneric, header({ output0: [1, 84, 2100] }), {
      files,
      recordings: 'media/recordings',
    });
    const lines = text('cameras.jsonl')
      .trim()
      .split('\n')
      .map((line) => parse(line) as { file: string; site: string; events: unknown });
    expect(lines).toHaveLength(20);
    expect(new Set(lines.map(({ file }) => file)).size).toBe(20);
    expect(new Set(lines.map(({ site, events }) => `${site} ${JSON.stringify(events)}`))).toEqual(new Set(['driveway null']));
    expect(manifest).toMatchObject({ root: '../media/recordings', rule: { zones: { driveway: expect.anything() } } });
    expect(JSON.stringify(manifest)).not.toContain('back_garden');
  });

  it('are refused where the folder holds none', async () => {
    const none = takeOver(yoloGeneric, null, { files: { 'media/clips/a.mp4': '' }, recordings: 'media' });
    await expect(none).rejects.toThrow(/media: holds no recordings of driveway, back_garden as Frigate keeps them/);
  });
});
