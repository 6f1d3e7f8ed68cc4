import { realpath } from 'node:fs/promises';
import { CouldNotRun, reasonOf } from '#kernel';
import { execa } from 'execa';
import { parseLoaded } from '../../runtime-image.ts';
import { see, type SeenFile } from './runtime-files.ts';

/**
 * The shared libraries that these programs of our own are linked with, the loader among them, each for the path where the
 * loader looks; those below `root` travel with their packages.
 * @throws CouldNotRun when one can't be found on this host
 */
export async function sharedLibraries(programs: readonly string[], root: string): Promise<SeenFile[]> {
  const { found, missing } = parseLoaded(await askLoader(programs));
  if (missing.length > 0) {
    throw unmakeable(`libraries are missing: ${missing.join(', ')}`);
  }
  const outside = found.filter((path) => !path.startsWith(`${root}/`));
  return await Promise.all(outside.map(async (path) => see(path.slice(1), await realpath(path))));
}

async function askLoader(programs: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execa('ldd', [...programs], { env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, extendEnv: false });
    // A single program's lines come without a heading, as several programs' come with one; both are indented.
    return stdout;
  } catch (error) {
    throw unmakeable(`ldd: ${reasonOf(error)}`);
  }
}

export function unmakeable(reason: string): CouldNotRun {
  return new CouldNotRun({
    file: 'the stock runtime',
    message: `its image can't be made on this host: ${reason}`,
    remedy: 'name a published runtime image by digest in the configuration, or run with --runner process',
  });
}
