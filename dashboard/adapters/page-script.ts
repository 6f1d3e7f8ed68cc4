import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

/** What a page runs: one file of our own without imports, so that all there is to make of it is to leave its types out. */
export async function pageScript(): Promise<string> {
  const source = await readFile(join(import.meta.dirname, '..', 'page', 'page.ts'), 'utf8');
  return stripTypeScriptTypes(source, { mode: 'strip' });
}
