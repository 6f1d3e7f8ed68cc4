import { parseArgs } from 'node:util';
import { CouldNotRun, reasonOf } from '#kernel';

export type Address = { kind: 'tcp'; host: string; port: number } | { kind: 'socket'; path: string };
export type Arguments = {
  model: string;
  variant: string | null;
  /** Threads of one inference. */
  threads: number;
  address: Address;
  /** End when standard input ends: a child whose parent was killed does not stay behind. */
  stopWithStdin: boolean;
};

const USAGE =
  'node runtime/main.ts --model FOLDER [--variant NAME] [--threads N] [--host H --port P | --socket PATH] [--stop-with-stdin]';

/** @throws CouldNotRun that shows the usage */
export function parseArguments(words: readonly string[]): Arguments {
  const { values } = readWords(words);
  if (values.model === undefined) throw wrong('--model is missing');
  if (values.socket !== undefined && (values.port !== undefined || values.host !== undefined))
    throw wrong('--socket excludes --host and --port');
  return {
    model: values.model,
    variant: values.variant ?? null,
    threads: wholeNumber('--threads', values.threads ?? '1', 1, 1024),
    address:
      values.socket === undefined
        ? { kind: 'tcp', host: values.host ?? '127.0.0.1', port: wholeNumber('--port', values.port ?? '8000', 0, 65_535) }
        : { kind: 'socket', path: values.socket },
    stopWithStdin: values['stop-with-stdin'] ?? false,
  };
}

function readWords(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    model: text,
    variant: text,
    threads: text,
    host: text,
    port: text,
    socket: text,
    'stop-with-stdin': { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...words], options, strict: true });
  } catch (cause) {
    throw wrong(reasonOf(cause));
  }
}

function wholeNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw wrong(`${name} is ${JSON.stringify(text)}, not a whole number from ${low} to ${high}`);
}

function wrong(message: string): CouldNotRun {
  return new CouldNotRun({ file: 'command line', message, remedy: USAGE });
}
