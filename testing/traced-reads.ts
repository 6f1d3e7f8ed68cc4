import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What looks at files: each takes the path first. `realpath` is not among them: it is how a link is seen to lead out. */
const LOOKS = ['open', 'readFile', 'readdir', 'readlink', 'stat', 'lstat', 'access', 'opendir', 'copyFile'] as const;
const SYNC = ['openSync', 'readFileSync', 'readdirSync', 'statSync', 'lstatSync', 'createReadStream'] as const;

type Look = (file: unknown, ...rest: unknown[]) => unknown;

/**
 * The real file system, with a note of every path that is looked at or opened. Links are followed before the note is made: what
 * counts is where a read ends.
 */
export function traceReads(): { seen: () => string[]; stop: () => void } {
  const { realpathSync } = fs;
  const paths = new Set<string>();
  const note = (file: unknown) => {
    const named = file instanceof URL ? fileURLToPath(file) : typeof file === 'string' ? path.resolve(file) : undefined;
    if (named === undefined) return;
    try {
      paths.add(realpathSync.native(named));
    } catch {
      paths.add(named);
    }
  };
  const undo = [...traced(fsPromises, LOOKS, note), ...traced(fs, SYNC, note)];
  syncBuiltinESMExports();
  return {
    seen: () => {
      const found = [...paths];
      paths.clear();
      return found;
    },
    stop: () => {
      for (const one of undo) one();
      syncBuiltinESMExports();
    },
  };
}

function traced(module: object, names: readonly string[], note: (file: unknown) => void): (() => void)[] {
  const functions = module as Record<string, Look>;
  return names.map((name) => {
    const real = functions[name];
    if (real === undefined) throw new Error(`there is no ${name} to trace`);
    functions[name] = Object.assign((file: unknown, ...rest: unknown[]) => {
      note(file);
      return real(file, ...rest);
    }, real);
    return () => void (functions[name] = real);
  });
}
