import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CouldNotRun, reasonOf } from '#kernel';
import type { NpmPackage } from '../../runtime-lock.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Brings the tarballs of packages into a folder by npm itself, which knows the registry, the proxy and the cache of this
 * machine. Nothing of them runs, and what is not of the integrity that is asked for is not taken.
 * @returns the path of each, by its integrity
 * @throws CouldNotRun when npm is not there or fails, and when a tarball is another one
 */
export async function fetchTarballs(
  packages: readonly NpmPackage[],
  folder: string,
  environment: Environment,
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  // A project of its own: no .npmrc of a repository that is being judged has a say.
  await writeFile(join(folder, 'package.json'), '{}');
  const specs = packages.map(({ name, version }) => `${name}@${version}`);
  const options = ['--prefix', folder, '--pack-destination', folder, '--ignore-scripts', '--prefer-offline', '--loglevel=error'];
  const { execa } = await import('execa');
  try {
    await execa('npm', ['pack', ...specs, ...options], {
      cwd: folder,
      // npm is a script for the Node that it finds.
      env: { ...environment, PATH: [environment['PATH'], dirname(process.execPath)].filter(Boolean).join(delimiter) },
      extendEnv: false,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw unfetched(specs.join(', '), `npm pack: ${reasonOf(cause)}`);
  }
  return await byIntegrity(packages, folder);
}

async function byIntegrity(packages: readonly NpmPackage[], folder: string): Promise<Map<string, string>> {
  const tarballs = new Map<string, string>();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.tgz')) tarballs.set(await integrityOf(path), path);
  }
  const other = packages.filter(({ integrity }) => !tarballs.has(integrity));
  if (other.length === 0) return tarballs;
  const names = other.map(({ name, version }) => `${name}@${version}`).join(', ');
  throw unfetched(names, 'what the registry sent is not what images/runtime-lock.json pins');
}

async function integrityOf(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}

function unfetched(what: string, reason: string): CouldNotRun {
  return new CouldNotRun({
    file: 'the stock runtime',
    message: `${what} could not be fetched: ${reason}`,
    remedy: 'see that npm is installed and that npm config get registry answers here; then run again',
  });
}
