import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '#kernel';
import { appOf } from '#gitops';
import { testCache } from '../../../testing/worlds/model-repository.ts';
import { toldDoor, type DoorStage } from '../../../testing/stage-programs/told-door.ts';
import { writeTinyModel } from '../../../testing/tiny-model.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { engineAnswers, loadIntoEngine, temporaryFolder } from '../images.fixture.ts';
import { StockRuntimeBuilder } from './runtime-image-builder.ts';

const POD = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--user=65532', '--tmpfs=/tmp'];
const STAGES: readonly DoorStage[] = ['look', 'find', 'visits'];
/** A red picture of a camera, and then the first that the graph told: it may have to be shown again, while stages are being started. */
const SHOW = `
  const sharp = require('/app/node_modules/sharp');
  const picture = await sharp({ create: { width: 32, height: 24, channels: 3, background: '#e01010' } }).jpeg().toBuffer();
  const shown = await fetch('http://door-look:8000/cameras/gate', { method: 'POST', body: picture });
  let answers = [];
  for (let tries = 0; tries < 100 && answers.length === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    answers = (await (await fetch('http://door-visits:8000/answers')).json()).answers;
  }
  console.log(JSON.stringify({ shown: shown.status, answers: answers.slice(0, 1).map(({ event }) => [event.camera, event.label]) }));`;

describe.skipIf(!(await engineAnswers()))('the image of a deployed stage (needs a Docker engine)', () => {
  it('runs each stage of a graph as a pod does: sealed, as nobody, with its edges and a disk', async () => {
    const root = await temporaryFolder();
    await writeTinyModel(join(root, 'model'));
    const store = new FileImageStore(join(testCache, 'images'));
    const builder = new StockRuntimeBuilder({ store, environment: process.env, program: 'stage' });
    const image = await builder.build('linux/amd64', silentProgress);
    await loadIntoEngine(image);
    const network = `fieldproof-door-${process.pid}`;
    const at = (stage: DoorStage) => ({ http: `http://${appOf('door', stage)}:8001` });
    await execa('docker', ['network', 'create', '--internal', network]);
    try {
      for (const stage of STAGES) {
        const folder = join(root, stage);
        mkdirSync(join(folder, 'kept'), { recursive: true });
        chmodSync(join(folder, 'kept'), 0o777);
        writeFileSync(join(folder, 'edges.json'), JSON.stringify(toldDoor(stage, { at })));
        const mounts = [`${join(root, 'model')}:/model:ro`, `${folder}:/edges:ro`, `${join(folder, 'kept')}:/kept`];
        const options = ['--detach', '--rm', `--network=${network}`, `--name=${appOf('door', stage)}`, ...POD];
        const volumes = mounts.map((mount) => `--volume=${mount}`);
        await execa('docker', ['run', ...options, ...volumes, '--env=FIELDPROOF_EDGES=/edges/edges.json', image.config.digest]);
      }
      const ask = ['exec', appOf('door', 'look'), '/usr/local/bin/node', '-e', `(async () => {${SHOW}})()`];
      await expect
        .poll(async () => (await execa('docker', ask, { reject: false })).stdout, { timeout: 60_000, interval: 500 })
        .toBe('{"shown":200,"answers":[["porch/gate","visit"]]}');
    } finally {
      await execa('docker', ['rm', '--force', ...STAGES.map((stage) => appOf('door', stage))], { reject: false });
      await execa('docker', ['network', 'rm', network], { reject: false });
      await execa('docker', ['image', 'rm', image.config.digest], { reject: false });
    }
  });
});
