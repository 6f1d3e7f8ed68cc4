import { describe, expect, it } from 'vitest';
import { forAll, strangeTexts } from '../../testing/fuzz.ts';
import { lfsPointer } from './lfs-pointer.ts';

const hex = 'a'.repeat(64);
const words = ['version ', 'https://git-lfs.github.com/spec/v1', '\n', '\r\n', 'oid sha256:', hex, 'size ', '0', '9'.repeat(15)];
const pointers = strangeTexts(
  [...words, '-1', '1e9', '../', '/', '\0', 'ext-0-a sha256:', ' '],
  `version https://git-lfs.github.com/spec/v1\noid sha256:${hex}\nsize 12345\n`,
  `version https://git-lfs.github.com/spec/v1\next-0-a sha256:${hex}\noid sha256:${hex}\nsize 1\n`,
);

describe('a file that may be a pointer to Git LFS', () => {
  it('names a digest and a whole number of bytes, or is none', () => {
    let read = 0;
    forAll(pointers, (text) => {
      const { digest, size } = lfsPointer(Buffer.from(text)) ?? { digest: null, size: 0 };
      read += digest === null ? 0 : 1;
      expect(digest ?? `sha256:${hex}`).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(Number.isSafeInteger(size) && size >= 0).toBe(true);
    });
    expect(read).toBeGreaterThan(0);
  });
});
