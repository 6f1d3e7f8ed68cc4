import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CouldNotRun, onlyStage, reasonOf } from '#kernel';
import type { Chipset } from '../chipset.ts';
import type { ModelRunner, Servable } from '../model-runner.ts';
import { detectHost, keyOf, missingFrom } from './chipset-key.ts';
import { emulatedCommand, emulatedHost, emulatedKey, findEmulator, layOut, type Emulator } from './emulator.ts';
import { readMachineState } from './machine-state.ts';
import { takeIn, type Ending, type Guest } from './guest.ts';
import { LogTail } from './log-tail.ts';
import { endWithUs, watchMemory } from './process-watch.ts';

type ModelServable = Extract<Servable, { kind: 'model' }>;

/** Milliseconds. An emulated processor takes its time, and how long says nothing. */
const EMULATED_WITHIN = 600_000;

const STOCK_RUNTIME = fileURLToPath(new URL('../../runtime/main.ts', import.meta.url));

/**
 * Serves models by the runtime as a child process: no daemon, no privileges, and no sandbox. The child gets no
 * environment and an empty folder to work in; its memory is watched, its CPUs are only counted for its threads.
 * A chipset of another architecture is emulated where an emulator is installed: there the files of the runtime's image run.
 * @param runtime the program that serves, called with `--model --variant --threads --socket`
 * @param path where emulators are looked for
 */
export function processModelRunner(runtime: string = STOCK_RUNTIME, path = '/usr/bin:/usr/local/bin'): ModelRunner {
  const look = async (chipset: Chipset) => {
    const host = await detectHost();
    const emulator = await findEmulator(host, chipset, path);
    return { emulator, host: emulator === null ? host : emulatedHost(host) };
  };
  return {
    name: 'process',
    sandboxed: false,
    detect: async (chipset) => {
      const { host, emulator } = await look(chipset);
      return emulator === null ? keyOf(host, chipset) : emulatedKey(keyOf(host, chipset), emulator);
    },
    missing: async (chipset) => missingFrom((await look(chipset)).host, chipset),
    machineState: async () => await readMachineState(),
    runsImage: async (chipset) => (await look(chipset)).emulator !== null,
    start: async (servable, chipset, options = {}) => {
      options.signal?.throwIfAborted();
      if (servable.kind === 'container') throw needsAnEngine(servable);
      if (servable.runtimeImage?.from === 'configuration') throw notOurs(servable);
      const { emulator } = await look(chipset);
      if (emulator === null) return await takeIn(await spawnRuntime(runtime, servable, chipset), servable, options);
      const patient = { readyWithin: EMULATED_WITHIN, answerWithin: EMULATED_WITHIN, ...options };
      return await takeIn(await spawnEmulated(emulator, servable, chipset), servable, patient);
    },
  };
}

function needsAnEngine(servable: Extract<Servable, { kind: 'container' }>): CouldNotRun {
  return new CouldNotRun({
    file: `container image ${onlyStage(servable.release).model}`,
    message: 'the process runner serves folders with a model.yaml, and this is a container image',
    remedy: 'run again with --runner docker',
  });
}

/** What runs here is this installation's own; an answer of it would be told as another's. */
function notOurs({ release }: ModelServable): CouldNotRun {
  return new CouldNotRun({
    file: `runtime image ${onlyStage(release).runtime}`,
    message: "the process runner runs this installation's own runtime, and the configuration names another one",
    remedy: 'run again with --runner docker, which runs the image that is named, or take runtime.digest out of fieldproof.yaml',
  });
}

async function spawnRuntime(runtime: string, servable: ModelServable, chipset: Chipset): Promise<Guest> {
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-run-'));
  const command = [process.execPath, runtime, ...runtimeArguments(servable, chipset)] as const;
  return await spawnIn(folder, command, chipset.limits.memoryBytes);
}

/** The emulator's own memory is no chipset's, so it has no limit and is not told. */
async function spawnEmulated(emulator: Emulator, servable: ModelServable, chipset: Chipset): Promise<Guest> {
  if (servable.runtimeImage === null) throw noImage(servable, chipset);
  const folder = await mkdtemp(join(tmpdir(), 'fieldproof-run-'));
  try {
    const root = join(folder, 'root');
    await layOut(await servable.runtimeImage.load(chipset.platform), root, chipset.limits.cpus);
    const command = [...emulatedCommand(emulator, root), ...runtimeArguments(servable, chipset)] as const;
    return { ...(await spawnIn(folder, command, null)), peakMemory: async () => null };
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw thrown;
  }
}

function noImage({ folder }: ModelServable, { platform }: Chipset): CouldNotRun {
  return new CouldNotRun({
    file: folder,
    message: `there is no image of the stock runtime to serve this model as ${platform}`,
    remedy: 'measure it on a machine of that platform',
  });
}

async function spawnIn(
  folder: string,
  [program, ...words]: readonly [string, ...string[]],
  memoryBytes: number | null,
): Promise<Guest> {
  const socketPath = join(folder, 's.sock');
  const cwd = join(folder, 'empty');
  await mkdir(cwd);
  const child = spawn(program, [...words, '--socket', socketPath], {
    cwd,
    env: {},
    detached: true, // a process group of its own, to be ended as one
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = new LogTail();
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => log.push(chunk));
  const { pid } = child;
  const memory = pid === undefined ? undefined : watchMemory(pid, memoryBytes, () => signalGroup(child, 'SIGKILL'));
  const callOff = pid === undefined ? undefined : endWithUs(pid, folder);
  const ended = endingOf(child, () => memory?.excess() ?? null);
  const stop = async () => {
    memory?.end();
    callOff?.();
    signalGroup(child, 'SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let stopped: Promise<void> | undefined;
  return {
    door: { socketPath },
    ended,
    log: async () => log.text(),
    pause: async () => signalGroup(child, 'SIGSTOP'),
    resume: async () => signalGroup(child, 'SIGCONT'),
    peakMemory: async () => (await memory?.peak()) ?? null,
    stop: async () => await (stopped ??= stop()),
  };
}

function runtimeArguments({ folder }: ModelServable, { variant, limits }: Chipset): string[] {
  return ['--model', folder, ...(variant === null ? [] : ['--variant', variant]), '--threads', String(limits.cpus)];
}

/** A group whose leader was reaped may be another's by now: it is left alone. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, signal);
}

async function endingOf(child: ChildProcess, excess: () => string | null): Promise<Ending> {
  return await new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ what: `could not be started: ${reasonOf(error)}`, remedy: 'see that Node may start processes here' });
    });
    child.once('close', (code, signal) => {
      const tooMuch = excess();
      resolve(tooMuch === null ? crash(code, signal) : overLimit(tooMuch));
    });
  });
}

function crash(code: number | null, signal: string | null): Ending {
  return { what: `crashed: ${signal ?? `exit code ${code}`}`, remedy: 'mend what its log names, then run again' };
}

function overLimit(excess: string): Ending {
  return {
    what: `was stopped: ${excess}`,
    remedy: "make the model smaller, or raise the chipset's limits.memory if it has more",
  };
}
