import { createContext, Script, type Context } from 'node:vm';
import { CouldNotRun } from './errors.ts';

/** Milliseconds. A text at its size limit takes a tenth of it, and a machine may be busy; see `bench/parsers.ts`. */
const DEADLINE = 30_000;

const script = new Script('work()');
let context: Context | undefined;
let running = false;

/**
 * Reads what a stranger wrote, and is ended when that takes too long, wherever it is: also inside a loop or a regular
 * expression, where no timer of this thread would ever ring. Node's `vm` watches the clock on a thread of its own.
 * Called inside itself, the outer deadline holds for both.
 * @param work has no effects: it may end anywhere
 * @throws CouldNotRun when it was not done in time
 */
export function inTime<T>(file: string, work: () => T, milliseconds = DEADLINE): T {
  if (running) return work();
  context ??= createContext();
  let result: { value: T } | undefined;
  context['work'] = () => void (result = { value: work() });
  running = true;
  try {
    script.runInContext(context, { timeout: milliseconds });
  } catch (thrown) {
    throw isLate(thrown) ? late(file, milliseconds) : thrown;
  } finally {
    running = false;
    context['work'] = undefined;
  }
  if (result === undefined) throw new Error(`${file}: the work ended without a result`);
  return result.value;
}

function isLate(thrown: unknown): boolean {
  // Made in the script's own realm, so it is no `Error` of this one.
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function late(file: string, milliseconds: number): CouldNotRun {
  return new CouldNotRun({
    file,
    message: `could not be read within ${milliseconds / 1000} s`,
    remedy: 'make it smaller or simpler: no file of this kind takes that long to read',
  });
}
