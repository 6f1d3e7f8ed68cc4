/** What a comment asks for. `other`: it is none of ours. `unclear`: it is, and cannot be read. */
export type AcceptCommand =
  | { kind: 'other' }
  | { kind: 'unclear' }
  | { kind: 'accept'; record: string | null; until: string; why: string };

/** How it is written, for whoever wrote it otherwise. */
export const USAGE = '/fieldproof accept until 2026-12-31 because <reason>';

const OURS = /^\/fieldproof\s+accept(?!\S)/i;
/** A record names what is answered for where the pull request does not: a hold, or one verdict of several. */
const COMMAND =
  /^\/fieldproof[ \t]+accept(?:[ \t]+(?:sha256:)?([0-9a-f]{8,64}))?[ \t]+until[ \t]+(\d{4}-\d{2}-\d{2})[ \t]+because[ \t]+(\S.*)$/i;
/** Letters. A sentence or two; the rest belongs into the conversation. */
const LONGEST_REASON = 500;

/** Reads the first line alone: what follows is for people. */
export function parseAcceptCommand(body: string): AcceptCommand {
  // Far longer than any command, so that no expression meets a text without end.
  const [line = ''] = body.slice(0, 2000).trimStart().split(/\r?\n/, 1);
  if (!OURS.test(line)) return { kind: 'other' };
  const [, record = null, until, why] = COMMAND.exec(line.trimEnd()) ?? [];
  if (until === undefined || why === undefined || why.length > LONGEST_REASON) return { kind: 'unclear' };
  return { kind: 'accept', record: record?.toLowerCase() ?? null, until, why };
}
