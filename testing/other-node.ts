import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { testCache } from './worlds/model-repository.ts';

/** Older than the one that runs here, and as old as we can run on. */
const VERSION = '24.12.0';

/** What the name of a skipped group ends with; null where there is such a Node for this machine. */
export const withoutOtherNode =
  process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch) ? null : 'npm has no other Node for this machine';

/** The program of another Node than this one, from npm. */
export async function otherNode(): Promise<string> {
  const folder = path.join(testCache, `node-${VERSION}`);
  const name = `node-linux-${process.arch}`;
  const program = path.join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program)) {
    await mkdir(folder, { recursive: true });
    await execa('npm', [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--ignore-scripts',
      '--no-package-lock',
      `${name}@${VERSION}`,
    ]);
  }
  return program;
}
