import { MOST_PROBLEMS, type Digest, type Problem } from '#kernel';
import { readBounded } from './bounded-list.ts';
import type { Checked } from './declared.ts';
import { pathFault } from './safe-path.ts';

type Pin = { digest: Digest; line: number };

/** Path below the root -> what its bytes must be. */
export type Pins = ReadonlyMap<string, Pin>;

/** What a pins file holds for a file of no bytes. */
export const EMPTY_FILE: Digest = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** The format of sha256sum: 64 hex digits, two spaces (or a space and *), the path. */
export function readPins(text: string, file: string): Checked<Pins> {
  return readBounded(text, { file }, () => readLines(text, file));
}

function readLines(text: string, file: string): Checked<Pins> {
  const pins = new Map<string, Pin>();
  const problems: Problem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    if (problems.length > MOST_PROBLEMS) break;
    const at = { file, line: index + 1 };
    const [, hex = '', path = ''] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
    const fault = pathFault(path);
    if (hex === '') problems.push({ ...at, message: 'is not "<sha256>  <path>"', remedy: 'write it as sha256sum does' });
    else if (fault !== undefined) {
      problems.push({
        ...at,
        message: `path ${JSON.stringify(path)} ${fault}`,
        remedy: 'pin files by their path below the root',
      });
    } else if (pins.has(path)) problems.push({ ...at, message: `${path} is pinned twice`, remedy: 'keep one of the lines' });
    else pins.set(path, { digest: `sha256:${hex}`, line: index + 1 });
  }
  return { value: pins, problems };
}

/** The same pins always make the same text. */
export function formatPins(pins: ReadonlyMap<string, Digest>): string {
  const paths = [...pins.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  return paths.map((path) => `${pins.get(path)?.slice('sha256:'.length) ?? ''}  ${path}\n`).join('');
}
