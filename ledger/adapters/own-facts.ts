import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '#kernel';
import type { Repository } from '#git/adapters';

/**
 * Which facts were appended on this machine: the only ones that it may ever link anew, and sign. Kept inside .git, where no
 * commit and no remote can put anything. What is listed and was never appended, for the process was killed, does no harm: it is
 * what this machine meant to say.
 */
export async function noteOwn({ gitFolder }: Repository, branch: string, ids: readonly Digest[]): Promise<void> {
  if (ids.length === 0) return;
  const file = fileOf(gitFolder, branch);
  await mkdir(dirname(file), { recursive: true });
  // The line break before them ends the line of one who was killed while writing it.
  await appendFile(file, `\n${ids.join('\n')}\n`, { flush: true });
}

export async function readOwn({ gitFolder }: Repository, branch: string): Promise<ReadonlySet<Digest>> {
  const text = await readFile(fileOf(gitFolder, branch), 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '';
    throw thrown;
  });
  return new Set(text.split('\n').filter((line): line is Digest => /^sha256:[0-9a-f]{64}$/.test(line)));
}

function fileOf(gitFolder: string, branch: string): string {
  return join(gitFolder, 'fieldproof', 'appended', encodeURIComponent(branch));
}
