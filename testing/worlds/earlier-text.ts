import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What an installation from before releases had stages left behind; see its README. */
export const FIXTURE = path.resolve(import.meta.dirname, '../../history/__fixtures__/before-stages');

/** A file of the fixture, as text. */
export function earlierText(name: string): string {
  return readFileSync(path.join(FIXTURE, name), 'utf8');
}
