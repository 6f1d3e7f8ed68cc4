import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A text, or why it is none that is read. */
export type PlainText = { text: string } | { flaw: 'absent' | 'not plain' | 'too large' };

/** A text in a folder that anyone may have filled: a plain file, so no link and no pipe that never ends, and not too large. */
export async function readPlainText(path: string, mostBytes: number): Promise<PlainText> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((thrown: NodeJS.ErrnoException) => thrown.code ?? '');
  if (typeof file === 'string') return { flaw: file === 'ENOENT' ? 'absent' : 'not plain' };
  try {
    const found = await file.stat();
    if (!found.isFile()) return { flaw: 'not plain' };
    return found.size > mostBytes ? { flaw: 'too large' } : { text: await file.readFile('utf8') };
  } finally {
    await file.close();
  }
}
