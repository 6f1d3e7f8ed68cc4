import type { Terminal } from '../terminal.ts';
import type { WorkingTree } from '../working-tree.ts';

/** Writes what is not there, keeps what is, and says which. */
export async function writeMissing(
  tree: WorkingTree,
  files: readonly { path: string; text: string }[],
  terminal: Terminal,
): Promise<void> {
  for (const { path: file, text } of files) {
    const isThere = await tree.exists(file);
    if (!isThere) await tree.write(file, text);
    terminal.out(`${isThere ? 'kept    ' : 'written '} ${file}\n`);
  }
}
