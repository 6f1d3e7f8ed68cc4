/**
 * What GitHub takes. The checks API is documented in characters and refuses by bytes ("summary exceeds a maximum bytesize of
 * 65535", github/docs#35252), and before that by characters; bytes are never fewer, so bytes are counted. Comments are
 * refused by characters, and no text has more of them than it has UTF-16 units. A job summary is refused by bytes.
 */
export type Limit = { most: number; size: (text: string) => number };

const bytes = (text: string): number => Buffer.byteLength(text);
const units = (text: string): number => text.length;

/** Summary and text of a check run, each. */
export const CHECK_OUTPUT: Limit = { most: 65_535, size: bytes };
export const COMMENT: Limit = { most: 65_536, size: units };
/** 1 MiB for each step. */
export const JOB_SUMMARY: Limit = { most: 1024 * 1024, size: bytes };

/** Titles of checks, annotations and issues. */
export const LONGEST_TITLE = 255;

export function cutTitle(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST_TITLE ? text : `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`;
}
