import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf } from '#kernel';
import { describeBadModels, describeModelRunner, type Behaviour } from '../../testing/contracts/model-runner.contract.ts';
import type { Chipset } from '../chipset.ts';
import type { Servable } from '../model-runner.ts';
import { detectHost } from './chipset-key.ts';
import { processModelRunner } from './process-model-runner.ts';

const program = join(import.meta.dirname, '../../testing/model-servers/scripted.ts');
const release = releaseOf({ model: digestOf('model'), runtime: null });
const chipset: Chipset = {
  name: 'here',
  platform: (await detectHost()).platform,
  at: { kind: 'local' },
  variant: 'int8',
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: 400 * 1024 * 1024 },
};

async function servable(behaviour: Behaviour): Promise<Servable> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-model-'));
  await writeFile(join(folder, 'behaviour'), behaviour);
  return { kind: 'model', release, folder, runtimeImage: null };
}

describeModelRunner('process', async () => ({ runner: processModelRunner(program), servable, chipset }));
describeBadModels('process', async () => ({ runner: processModelRunner(program), servable, chipset }));

describe('the process runner', () => {
  it('gives the model its variant and threads, and no environment', async () => {
    const model = await processModelRunner(program).start(await servable('good'), chipset);
    expect(model.metadata.platform).toBe('scripted:int8:1:');
    await model.stop();
  });

  it('says by how much a model exceeded its memory', async () => {
    const model = await processModelRunner(program).start(await servable('eats-memory'), chipset);
    const request = model.infer({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(1)] }] });
    await expect(request).rejects.toThrow(/it held \d.* of memory, \d.* more than the chipset's 400\.0 MiB/);
    await model.stop();
  });

  it('refuses a container image, and names the runner that takes it', async () => {
    const image = { layout: '/nowhere', manifest: digestOf('manifest'), config: digestOf('config') };
    await expect(
      processModelRunner(program).start({ kind: 'container', release, imageFor: () => image }, chipset),
    ).rejects.toThrow(/remedy: run again with --runner docker/);
  });

  it('refuses a runtime that the configuration names: what runs here is another', async () => {
    const load = async () => ({ layout: '/nowhere', manifest: digestOf('manifest'), config: digestOf('config') });
    const named: Servable = {
      kind: 'model',
      release: releaseOf({ model: digestOf('model'), runtime: digestOf('named') }),
      folder: '/nowhere',
      runtimeImage: { from: 'configuration', load },
    };
    await expect(processModelRunner(program).start(named, chipset)).rejects.toThrow(
      /the configuration names another one\n {2}remedy: run again with --runner docker, which runs the image that is named/,
    );
  });

  it('names a runtime that is not there', async () => {
    await expect(processModelRunner('/no/such/runtime.ts').start(await servable('good'), chipset)).rejects.toThrow(
      /crashed: exit code 1.*Cannot find module/s,
    );
  });

  it.each(['running', 'paused'])('leaves nothing behind when the harness is killed while the model is %s', async (state) => {
    const folder = await mkdtemp(join(tmpdir(), 'fieldproof-killed-'));
    const { folder: model } = (await servable('good')) as { folder: string };
    const script = `
      import { processModelRunner } from ${JSON.stringify(join(import.meta.dirname, 'process-model-runner.ts'))};
      const servable = ${JSON.stringify({ kind: 'model', release, folder: model, runtimeImage: null })};
      const running = await processModelRunner(${JSON.stringify(program)}).start(servable, ${JSON.stringify(chipset)});
      if (${JSON.stringify(state)} === 'paused') await running.pause();
      console.log('up');
      setInterval(() => {}, 1000);
    `;
    const harness = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      env: { TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: join(import.meta.dirname, '../..'),
    });
    await new Promise((up) => harness.stdout.once('data', up));
    const runtimes = await processesWith(model);
    expect(runtimes).toHaveLength(1);
    harness.kill('SIGKILL');
    for (let turn = 0; turn < 100 && (runtimes.some(isAlive) || (await readdir(folder)).length > 0); turn += 1) await sleep(50);
    expect(runtimes.filter(isAlive)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});

async function processesWith(argument: string): Promise<number[]> {
  const { readFile } = await import('node:fs/promises');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(pids.map(async (pid) => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => lines[index]?.split('\0').includes(argument));
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
