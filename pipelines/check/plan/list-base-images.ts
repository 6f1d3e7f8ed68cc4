import { posix } from 'node:path';
import { CouldNotRun, inTime, type Problem } from '#kernel';
import { basesOf } from '#images';
import type { ModelRepository } from '#git';

/** Bytes; a build refuses a longer one. */
const LARGEST_DOCKERFILE = 64 * 1024;

/**
 * The images that Dockerfiles of a model begin from and that policy allows to be fetched with our rights, by digest.
 * @param allowed names without tag or digest
 * @param commits the one that is judged first
 * @throws CouldNotRun where the judged one names no digest: a tag is whatever somebody moves it to
 */
export async function listBaseImages(
  repository: Pick<ModelRepository, 'readFile'>,
  build: string,
  { commits, allowed }: { commits: readonly string[]; allowed: readonly string[] },
): Promise<readonly string[]> {
  if (allowed.length === 0) return [];
  const file = posix.join(build, 'Dockerfile');
  const found = new Set<string>();
  for (const [index, commit] of commits.entries()) {
    const text = await repository.readFile(commit, file);
    if (text === undefined || Buffer.byteLength(text) > LARGEST_DOCKERFILE) continue;
    const bases = inTime(file, () => basesOf(text)).filter(({ name }) => allowed.includes(name));
    const loose = bases.filter(({ digest }) => digest === null);
    if (index === 0 && loose.length > 0) throw new CouldNotRun(loose.map((base): Problem => withoutDigest(file, base)));
    for (const { name, digest } of bases) if (digest !== null) found.add(`${name}@${digest}`);
  }
  return [...found];
}

function withoutDigest(file: string, { line, name }: { line: number; name: string }): Problem {
  const message = `builds on ${name} without its digest, and base images are fetched by digest`;
  return { file, line, message, remedy: `write FROM ${name}@sha256:...` };
}
