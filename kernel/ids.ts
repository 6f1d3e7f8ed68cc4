import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, type Json } from './canonical-json.ts';

/** `sha256:` and 64 lower-case hex digits, as OCI writes a content digest. */
export type Digest = `sha256:${string}`;

export const digestSchema = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)]);

export function isDigest(value: string): value is Digest {
  return digestSchema.safeParse(value).success;
}

export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digest of a value by its canonical JSON: equal values have equal digests, whatever the order of their keys. */
export function digestOfJson(value: Json): Digest {
  return digestOf(canonicalJson(value));
}

/** The hex part alone, as file names and OCI blob paths use it. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** As people read it: `sha256:0123456789ab`. */
export function shortDigest(digest: Digest): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
