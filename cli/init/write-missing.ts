import type { Terminal } from '../terminal.ts';
import type { WorkingTree } from '#git';

type Written = { path: string; text: string };

/** Writes what is not there, keeps what is, and says which. Returns what it wrote. */
export async function writeMissing(tree: WorkingTree, files: readonly Written[], terminal: Terminal): Promise<Written[]> {
  const written: Written[] = [];
  for (const { path: file, text } of files) {
    const isThere = await tree.exists(file);
    if (!isThere) {
      await tree.write(file, text);
      written.push({ path: file, text });
    }
    terminal.out(`${isThere ? 'kept    ' : 'written '} ${file}\n`);
  }
  return written;
}

/** The lines of files that only a person can fill in, with what belongs there. */
export function markedLines(files: readonly Written[]): { place: string; what: string }[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const what = /# set: (.*)$/.exec(line)?.[1];
      return what === undefined ? [] : [{ place: `${path}:${index + 1}`, what }];
    }),
  );
}
