import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A virtual environment beside the repository's other leavings, made once with exactly these packages from PyPI. */
export function pythonWith(name: string, packages: readonly string[]): (script: string, lines: readonly string[]) => string[] {
  const folder = join(resolve(import.meta.dirname, '../..'), '.fieldproof', name);
  const run = (command: string, args: readonly string[], input = '') => {
    const done = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
    if (done.status === 0) return done.stdout;
    throw new Error(`${command} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
  };
  if (!existsSync(join(folder, 'whole'))) {
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin/pip'), ['install', '--quiet', ...packages]);
    writeFileSync(join(folder, 'whole'), packages.join('\n'));
  }
  return (script, lines) =>
    run(join(folder, 'bin/python'), [join(import.meta.dirname, script)], lines.map((line) => `${line}\n`).join(''))
      .split('\n')
      .filter((line) => line !== '');
}
