/**
 * What the way into a container costs: 602 KB in and 4 KB out, the same server in a process on this machine (over TCP, and
 * over the unix socket of the process runner) and in a container without a network. Blocks of requests in turn; the ratio
 * is the median over blocks. Needs a Docker engine with node:24-bookworm-slim.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chipset, Servable } from '#runners';
import { dockerModelRunner, processModelRunner } from '#runners/adapters';
import { digestOf, type InferRequest, releaseOf } from '#kernel';
import { openInferenceClient } from '../runners/adapters/inference-client.ts';
import { buildTestImage, withoutEngine } from '../testing/test-image.ts';

const BLOCKS = 40;
const REQUESTS = 20;
const PORT = 18_700;
const lacking = await withoutEngine();
if (lacking !== null) {
  console.log(`skipped: ${lacking}`);
  process.exit();
}

const program = join(import.meta.dirname, '../testing/model-servers/scripted.ts');
const folder = await mkdtemp(join(os.tmpdir(), 'fieldproof-bench-'));
await writeFile(join(folder, 'behaviour'), 'classes 1000');
const servable: Servable = {
  kind: 'model',
  release: releaseOf({ model: digestOf('m'), runtime: null }),
  folder,
  runtimeImage: { from: 'installation', load: async () => await buildTestImage('scripted.ts', []) },
};
const chipset: Chipset = {
  name: 'here',
  platform: '',
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: os.availableParallelism(), memoryBytes: null },
};
const request: InferRequest = {
  inputs: [{ name: 'frames', datatype: 'UINT8', shape: [1, 448, 448, 3], data: new Uint8Array(448 * 448 * 3).fill(7) }],
};

const host = spawn(process.execPath, [program, '--model', folder, '--port', String(PORT)], { stdio: 'inherit' });
const overTcp = openInferenceClient(
  {
    connect: (_, callback) => {
      const socket = connect({ host: '127.0.0.1', port: PORT, noDelay: true });
      socket.once('connect', () => callback(null, socket));
    },
  },
  { answerWithin: 30_000, stranger: false, wanted: { name: null, version: null } },
);
await sleep(1000);
await overTcp.describe();
const inProcess = await processModelRunner(program).start(servable, chipset);
const inContainer = await dockerModelRunner().start(servable, chipset);
const arms = { 'host, TCP': overTcp, 'host, unix socket': inProcess, 'container without a network': inContainer };

const medians: Record<string, number[]> = {};
const all: Record<string, number[]> = {};
for (let block = -5; block < BLOCKS; block += 1) {
  for (const [name, arm] of Object.entries(arms)) {
    const taken: number[] = [];
    for (let index = 0; index < REQUESTS; index += 1) {
      const begun = performance.now();
      await arm.infer(request);
      taken.push(performance.now() - begun);
    }
    if (block < 0) continue; // warming up
    (medians[name] ??= []).push(quantile(taken, 0.5));
    (all[name] ??= []).push(...taken);
  }
}
const reference = medians['host, TCP'] ?? [];
console.log(
  `${os.cpus()[0]?.model}, ${os.cpus().length} CPUs, load ${os.loadavg()[0]?.toFixed(1)}; ${BLOCKS} blocks of ${REQUESTS} requests`,
);
for (const name of Object.keys(arms)) {
  const taken = all[name] ?? [];
  const ratio = quantile(
    (medians[name] ?? []).map((value, block) => value / (reference[block] ?? Number.NaN)),
    0.5,
  );
  console.log(
    `${name}: p50 ${quantile(taken, 0.5).toFixed(3)} ms, p99 ${quantile(taken, 0.99).toFixed(2)} ms, ${ratio.toFixed(3)} of host over TCP`,
  );
}
await Promise.all([inProcess.stop(), inContainer.stop(), overTcp.close()]);
host.kill();
await rm(folder, { recursive: true });

function quantile(values: readonly number[], p: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * p)] ?? Number.NaN;
}
