import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What a script of Python is told: its arguments, and its standard input. Its answer is the lines that it prints. */
export type AskPython = (script: string, args: readonly string[], lines: readonly string[]) => string[];

/** A virtual environment beside the repository's other leavings, made once with exactly these packages from PyPI. */
export function pythonWith(name: string, packages: readonly string[]): AskPython {
  const folder = join(resolve(import.meta.dirname, '..'), '.fieldproof', name);
  if (!existsSync(join(folder, 'whole'))) {
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin/pip'), ['install', '--quiet', ...packages]);
    writeFileSync(join(folder, 'whole'), packages.join('\n'));
  }
  return (script, args, lines) =>
    run(join(folder, 'bin/python'), [script, ...args], lines.map((line) => `${line}\n`).join(''))
      .split('\n')
      .filter((line) => line !== '');
}

function run(command: string, args: readonly string[], input = ''): string {
  const done = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (done.status === 0) return done.stdout;
  throw new Error(`${command} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
}
