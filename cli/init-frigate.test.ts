import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportedOnnx, sparse } from '../testing/exported-model.ts';
import { writeClip } from '../testing/make-clip.ts';
import { ultralytics, withMetadata } from '../testing/onnx-metadata.ts';
import { SECRET, yoloGeneric } from '../testing/worlds/frigate-configs.ts';
import { openModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** Beside each other, as people have them: Frigate's configuration and media, and a repository with nothing in it. */
let repository: ModelRepository;
beforeAll(() => {
  repository = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-e2e-')));
  for (const name of ['model', 'tmp', 'frigate/model_cache']) mkdirSync(path.join(repository.folder, name), { recursive: true });
  writeFileSync(at('frigate/config.yml'), yoloGeneric);
  writeFileSync(at('frigate/model_cache/yolo.onnx'), alwaysAPerson());
  for (const [hour, camera] of [
    ['06', 'driveway'],
    ['07', 'driveway'],
    ['07', 'back_garden'],
  ] as const) {
    const folder = at(`media/recordings/2026-03-01/${hour}/${camera}`);
    mkdirSync(folder, { recursive: true });
    writeClip(path.join(folder, '14.20.mp4'), { width: 64, height: 64, framesPerSecond: 10, seconds: 2, draw: () => undefined });
  }
});
afterAll(() => repository.remove());

const at = (file: string) => path.join(repository.folder, file);
const read = (file: string) => readFileSync(path.join(repository.model, file), 'utf8');
const LIST = 'datasets/cameras.jsonl';

/** In each picture a person of 96 x 96 of the model's 320 x 320, whose feet stand three quarters down. */
function alwaysAPerson(score = 0.9): Uint8Array {
  const shape = [1, 84, 2100];
  const box = [160, 192, 96, 96, score];
  const values = sparse(
    shape,
    box.map((value, row) => [[0, row, 7], value]),
  );
  const inputs = [{ name: 'images', type: 'float32' as const, shape: [1, 3, 320, 320] }];
  return exportedOnnx({ inputs, outputs: [{ name: 'output0', shape, values }] });
}

describe('fieldproof init --frigate', () => {
  it('leads from a configuration and its recordings to a score by hand-written truth alone', async () => {
    const words = ['init', '--frigate', '../frigate/config.yml', '--recordings', '../media/recordings'];
    const init = await runFieldproof(repository, words);
    expect({ code: init.code, fault: /could not run[^]*/.exec(init.stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
    expect(init.stdout).toMatch(
      /^copied {3}models\/yolo\/yolo\.onnx\nwritten {2}fieldproof\.yaml\nwritten {2}models\/yolo\/model\.yaml\n/,
    );
    expect(init.stdout).toMatch(/Frigate calls it yolo-generic, and counts objects from 0\.7 on/);
    expect(init.stdout).toMatch(/What is not as Frigate has it:\n {2}\.\.\/frigate\/config\.yml:/);
    expect(init.stdout).toMatch(/lists 3 recordings \(2 of driveway, 1 of back_garden\)/);
    expect(init.stdout).toMatch(/Nobody has said yet what happens in them/);
    expect(init.stdout + init.stderr + read('fieldproof.yaml')).not.toContain(SECRET);

    const untold = await runFieldproof(repository, ['pin', 'datasets/cameras.yaml']);
    expect(untold.code).toBe(3);
    expect(untold.stderr).toMatch(
      /cameras\.jsonl:1:\d+ \(events\): nobody has said yet what happens in it: write \[\] for nothing/,
    );

    const seen = '[{"label":"person","start":0,"end":2}]';
    repository.write({ [LIST]: read(LIST).replaceAll('null', seen) });
    const pin = await runFieldproof(repository, ['pin', 'datasets/cameras.yaml']);
    expect({ code: pin.code, fault: pin.stderr.match(/remedy[^]*/)?.[0] }).toEqual({ code: 0, fault: undefined });
    const score = await runFieldproof(repository, ['score']);
    expect({ code: score.code, fault: /could not run[^]*/.exec(score.stderr)?.[0] }).toEqual({ code: 0, fault: undefined });
    expect(score.stdout).toMatch(/ {2}cameras: 3 clips, events\n[^]*event-recall +100\.0%/);
  });

  it('and on to which of two models sees more', async () => {
    // Milliseconds are not what this is about, and take a minute.
    repository.write({ 'fieldproof.yaml': read('fieldproof.yaml').replace(/.*latency-p50.*\n/, '') });
    repository.git('init', '--quiet', '--initial-branch=main');
    repository.commit('What my cameras see');
    repository.git('switch', '--quiet', '--create', 'try-another');
    repository.write({ 'models/yolo/yolo.onnx': alwaysAPerson(0.3) });
    repository.commit('Try another');
    const check = await runFieldproof(repository, ['check', '--base', 'main', '--head', 'HEAD', '--report', 'report']);

    // Three clips are hardly enough: what early looks have spent of the doubt is missing here.
    expect(check.stdout).toMatch(/yolo is undecided: on cameras, the share of events that are found fell by 100\s+points/);
    expect(check.stdout).toMatch(/event-recall +0\.0% +100\.0%/);
    expect(check.code).toBe(2);
  });

  it('says what to do where the model cannot be served, and writes the rest', async () => {
    const other = repository.copy();
    writeFileSync(
      path.join(other.folder, 'frigate/config.yml'),
      yoloGeneric.replace('/config/model_cache/yolo.onnx', '/edgetpu_model.tflite'),
    );
    other.write({ 'fresh/.keep': '' });
    const { code, stdout } = await runFieldproof(other, ['init', '--repo', 'fresh', '--frigate', '../../frigate/config.yml']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\(model\.path\): it is a model for TensorFlow Lite[^]*remedy: export the same weights as ONNX/);
    expect(stdout).toMatch(/put the model's ONNX file at models\/frigate\/model\.onnx/);
    other.remove();
  });

  it('takes another model by name, and names what its metadata say otherwise', async () => {
    const other = repository.copy();
    const named = withMetadata(alwaysAPerson(), ultralytics('detect', ['cat'], 640));
    writeFileSync(path.join(other.folder, 'new.onnx'), named);
    other.write({ 'fresh/.keep': '' });
    const words = ['init', '--repo', 'fresh', '--frigate', '../../frigate/config.yml', '--model', '../../new.onnx'];
    const { stdout } = await runFieldproof(other, words);
    expect(stdout).toMatch(/contradiction: its metadata say 640x640, and its input takes 320x320/);
    expect(stdout).toMatch(/contradiction: the file calls its class 0 "cat", and the label map "person"/);
    other.remove();
  });

  it('refuses what is no configuration, and writes nothing', async () => {
    const other = repository.copy();
    other.write({ 'fresh/bad.yml': `cameras: { a: { ffmpeg: rtsp://a:${SECRET}@b, detect: { fps: many } } }\n` });
    const { code, stderr } = await runFieldproof(other, ['init', '--repo', 'fresh', '--frigate', 'bad.yml']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/bad\.yml:1:\d+ \(cameras\.a\.detect\.fps\): /);
    expect(stderr).not.toContain(SECRET);
    expect(() => readFileSync(path.join(other.model, 'fresh/fieldproof.yaml'))).toThrow('ENOENT');
    other.remove();
  });
});
