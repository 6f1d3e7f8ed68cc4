import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { CouldNotRun, formatBytes, reasonOf } from '#kernel';
import type { Chipset } from '../chipset.ts';
import type { ImageOnDisk, ModelRunner, Servable } from '../model-runner.ts';
import { detectHost, keyOf, missingFrom } from './chipset-key.ts';
import { dockerEngine } from './docker-engine.ts';
import { loadImage, type EngineImage } from './engine-image.ts';
import { takeIn, type Ending, type Guest } from './guest.ts';
import { harnessLabel, reapStale } from './harness-label.ts';
import { LogTail } from './log-tail.ts';
import { peakOfTree } from './process-watch.ts';
import { readMachineState } from './machine-state.ts';
import { readableByAll, type SharedFolder } from './shared-folder.ts';
import { chooseCpus, MODEL_PORT, parseCpuList, sandboxOf } from './sandbox.ts';
import { openWayIn, type WayIn } from './way-in.ts';

/** Milliseconds that the engine may take to notice that a container has ended. */
const ENDED_WITHIN = 1000;

/** Serves models in containers that can reach nothing: see `sandboxOf` for what holds them, `openWayIn` for the one way in. */
export function dockerModelRunner(docker?: Docker): ModelRunner {
  let asked: Promise<Docker> | undefined;
  let reaped: Promise<void> | undefined;
  return {
    name: 'docker',
    sandboxed: true,
    detect: async (chipset) => keyOf(await detectHost(), chipset),
    machineState: async () => await readMachineState(),
    missing: async (chipset) => missingFrom(await detectHost(), chipset),
    runsImage: async () => true,
    start: async (servable, chipset, options = {}) => {
      options.signal?.throwIfAborted();
      const engine = await (asked ??= docker === undefined ? dockerEngine() : Promise.resolve(docker));
      await (reaped ??= reapStale(engine)).catch(engineFailed);
      const guest = await startContainer(engine, servable, chipset).catch(engineFailed);
      return await takeIn(guest, servable, options);
    },
  };
}

async function startContainer(docker: Docker, servable: Servable, chipset: Chipset): Promise<Guest> {
  const image = await loadImage(docker, await imageOf(servable, chipset));
  const shared = servable.kind === 'model' ? await readableByAll(servable.folder) : null;
  const container = await createContainer(docker, servable, chipset, image, shared);
  let way: WayIn | undefined;
  let paused = false;
  let removed: Promise<void> | undefined;
  const remove = async () => {
    way?.close();
    await container.remove({ force: true, v: true }).catch(unlessGone);
    await shared?.remove();
  };
  const stop = async () => await (removed ??= remove());
  try {
    await container.start();
    const { State } = await container.inspect();
    const ended = endingOf(container, chipset, () => removed !== undefined);
    way = State.Running ? await enter(State.Pid, ended) : undefined;
    return {
      door: { connect: way?.connect ?? ((_, callback) => callback(new Error('it ended at once'), null)) },
      ended,
      log: async () => await logOf(container),
      pause: async () => {
        if (!paused) await unlessEnded(container, async () => await container.pause());
        paused = true;
      },
      resume: async () => {
        if (paused) await unlessEnded(container, async () => await container.unpause());
        paused = false;
      },
      peakMemory: async () => await peakOfTree(State.Pid),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** A container that ended while its network was being entered has no way in; what became of it is told when it is asked. */
async function enter(pid: number, ended: Promise<Ending>): Promise<WayIn | undefined> {
  try {
    return await openWayIn(pid, MODEL_PORT);
  } catch (thrown) {
    const hasEnded = await Promise.race([ended.then(() => true), sleep(ENDED_WITHIN, false)]);
    if (hasEnded) return undefined;
    throw thrown;
  }
}

async function createContainer(
  docker: Docker,
  servable: Servable,
  { variant, limits }: Chipset,
  image: EngineImage,
  shared: SharedFolder | null,
): Promise<Docker.Container> {
  const words = ['--model', '/model', '--host', '127.0.0.1', '--port', String(MODEL_PORT), '--threads', String(limits.cpus)];
  return await docker.createContainer(
    sandboxOf({
      image,
      command: servable.kind === 'model' ? [...words, ...(variant === null ? [] : ['--variant', variant])] : null,
      modelFolder: shared?.path ?? null,
      limits,
      cpus: chooseCpus(await allowedCpus(), limits.cpus),
      label: await harnessLabel(),
    }),
  );
}

async function imageOf(servable: Servable, { platform }: Chipset): Promise<ImageOnDisk> {
  if (servable.kind === 'container') return servable.imageFor(platform);
  if (servable.runtimeImage !== null) return await servable.runtimeImage.load(platform);
  throw new CouldNotRun({
    file: servable.folder,
    message: 'there is no image of the stock runtime to serve this model in a container',
    remedy: 'run again with --runner process',
  });
}

async function allowedCpus(): Promise<number[]> {
  const status = await readFile('/proc/self/status', 'utf8');
  return parseCpuList(/^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1] ?? '0');
}

async function endingOf(container: Docker.Container, { limits }: Chipset, isStopped: () => boolean): Promise<Ending> {
  try {
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    if (isStopped()) return { what: 'was stopped', remedy: 'start it again' };
    const { State } = await container.inspect();
    if (State.OOMKilled && limits.memoryBytes !== null) {
      const what = `was stopped: it wanted more memory than the chipset's ${formatBytes(limits.memoryBytes)}`;
      return { what, remedy: "make the model smaller, or raise the chipset's limits.memory if it has more" };
    }
    return { what: `crashed: exit code ${StatusCode}`, remedy: 'mend what its log names, then run again' };
  } catch (cause) {
    if (isStopped()) return { what: 'was stopped', remedy: 'start it again' };
    return { what: `is out of sight: ${reasonOf(cause)}`, remedy: 'see that the Docker engine is up, then run again' };
  }
}

/** The engine frames each piece of output: stream, three zeros, its length as four bytes. */
async function logOf(container: Docker.Container): Promise<string> {
  const framed = await container.logs({ stdout: true, stderr: true, tail: 500, follow: false });
  const tail = new LogTail();
  for (let offset = 0; offset + 8 <= framed.length;) {
    const end = offset + 8 + framed.readUInt32BE(offset + 4);
    tail.push(framed.subarray(offset + 8, end));
    offset = end;
  }
  return tail.text();
}

/** A container that has ended can't be paused or resumed; what became of it is told when it is asked something. */
async function unlessEnded(container: Docker.Container, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const found = await container.inspect().catch(() => null);
    if (found?.State.Running === true) throw error;
  }
}

function unlessGone(error: unknown): void {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
}

function engineFailed(cause: unknown): never {
  if (cause instanceof CouldNotRun) throw cause;
  const { code, statusCode } = cause as { code?: string; statusCode?: number };
  const unreachable = statusCode === undefined && code !== undefined;
  throw new CouldNotRun(
    {
      file: 'docker runner',
      message: unreachable ? `no Docker engine answers: ${reasonOf(cause)}` : `the Docker engine refused: ${reasonOf(cause)}`,
      remedy: unreachable
        ? 'start the engine, or run again with --runner process'
        : 'see that the engine is well (docker info), then run again',
    },
    { cause },
  );
}
