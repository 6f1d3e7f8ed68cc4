import type { Digest } from '#kernel';

/** What stands in a commit for a file that Git LFS keeps elsewhere. `size` in bytes. */
export type LfsPointer = { digest: Digest; size: number };

/** Longer texts are none; see the specification of Git LFS. */
export const LONGEST_POINTER = 1024;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n/;

export function lfsPointer(content: Uint8Array): LfsPointer | undefined {
  if (content.length >= LONGEST_POINTER) return undefined;
  const text = Buffer.from(content).toString();
  const hex = POINTER.exec(text)?.[1];
  const size = Number(/^size (\d{1,15})$/m.exec(text)?.[1]);
  return hex === undefined || Number.isNaN(size) ? undefined : { digest: `sha256:${hex}`, size };
}
