import { z } from 'zod';
import { canonicalJson, digestOf, digestSchema, shortDigest, type Digest } from '#kernel';
import type { LedgerFile } from './chain.ts';
import type { Entry, Fact, Link, Verification } from './ledger.ts';
import { readPath } from './layout.ts';
import { isSignedBy, type KnownKeys } from './signature.ts';

type Break = Extract<Verification, { state: 'broken' }>;

/** What was verified of a chain before: its first links, and which records they hold. `signed`: how many of them are. */
export type Begun = { entries: number; head: Digest; signed: number; holds: (record: Digest) => boolean };

/** Entries up to the first break with the digest of each one's link, and what was found; of a chain that was begun, what came since. */
export type CheckedChain = { entries: readonly Entry[]; digests: readonly Digest[]; verification: Verification };

type Files = { records: Map<Digest, string>; links: Map<number, string>; strangers: string[] };

const linkSchema = z.strictObject({
  seq: z.int(),
  previous: digestSchema.nullable(),
  record: digestSchema,
  bound: z.strictObject({ ledger: z.string(), at: z.iso.datetime() }).optional(),
  signature: z.strictObject({ key: digestSchema, value: z.string() }).optional(),
});

const factSchema = z.looseObject({ kind: z.string() });

/**
 * Follows the chain from its first link, or from where it was verified to before. Every record is hashed, every link compared with
 * the one before it. @param list the chain's files; of one that was begun, those that came since and the records that they name again
 */
export function checkChain(
  list: readonly LedgerFile[],
  keys: KnownKeys,
  known?: { head: Digest },
  begun: Begun | null = null,
): CheckedChain {
  const files = sortFiles(list);
  const entries: Entry[] = [];
  const digests: Digest[] = [];
  const recorded = new Set<Digest>();
  const first = (begun?.entries ?? 0) + 1;
  let head: Digest | null = begun?.head ?? null;
  const brokenAt = (seq: number, reason: string) => ({ entries, digests, verification: broken(seq, reason) });
  for (let seq = first; files.links.has(seq); seq += 1) {
    const entry = readEntry(files, seq, head, keys);
    if (typeof entry === 'string') return brokenAt(seq, entry);
    // Signed anew, a record may be there again: the one before may be of somebody who does not count.
    const isThere = recorded.has(entry.record.id) || begun?.holds(entry.record.id) === true;
    if (isThere && entry.link.signature === undefined) return brokenAt(seq, `record ${entry.record.id} is there a second time`);
    recorded.add(entry.record.id);
    entries.push(entry);
    head = digestOf(files.links.get(seq) ?? '');
    digests.push(head);
  }
  const leftOver = whatIsLeft(files, { first, entries: entries.length, recorded }) ?? unknownHead(digests, known);
  const all = first - 1 + entries.length;
  const signed = howSigned(signedIn(entries) + (begun?.signed ?? 0), all, keys);
  return { entries, digests, verification: leftOver ?? { state: 'intact', entries: all, head, signed } };
}

function sortFiles(list: readonly LedgerFile[]): Files {
  const files: Files = { records: new Map(), links: new Map(), strangers: [] };
  for (const { path, content } of list) {
    const place = readPath(path);
    if (place === undefined) files.strangers.push(path);
    else if (place.kind === 'record') files.records.set(place.id, content);
    else files.links.set(place.seq, content);
  }
  return files;
}

/** The entry at a place, or the reason why there is none. */
function readEntry(files: Files, seq: number, head: Digest | null, keys: KnownKeys): Entry | string {
  const text = files.links.get(seq) ?? '';
  const link = parse(text, linkSchema) as Link | undefined;
  if (link === undefined || canonicalJson(link) !== text) return 'the link was edited: it is not as a ledger writes it';
  if (link.seq !== seq) return `the links were re-ordered: the one at ${seq} says that it is number ${link.seq}`;
  if (link.previous !== head) return 'the link does not follow the one before it: that one was edited, or the chain forked here';
  const signature = checkSignature(link, keys);
  if (signature !== undefined) return signature;
  const content = files.records.get(link.record);
  if (content === undefined) return `record ${link.record} is missing`;
  if (digestOf(content) !== link.record) return `record ${link.record} was edited`;
  const fact = parse(content, factSchema) as Fact | undefined;
  return fact === undefined ? `record ${link.record} is not a fact` : { link, record: { id: link.record, fact } };
}

function parse<S extends z.ZodType>(text: string, schema: S): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function checkSignature({ signature, ...link }: Link, keys: KnownKeys): string | undefined {
  if (signature === undefined || keys.size === 0) return undefined;
  const key = keys.get(signature.key);
  if (key === undefined) return `the link is signed with an unknown key, ${shortDigest(signature.key)}`;
  return isSignedBy(link, signature.value, key) ? undefined : 'the signature does not fit the link';
}

/** What lies beyond the last link that could be followed. */
function whatIsLeft(
  { records, links, strangers }: Files,
  { first, entries, recorded }: { first: number; entries: number; recorded: ReadonlySet<Digest> },
): Break | undefined {
  const at = first + entries;
  if (links.size > entries) return broken(at, 'the link is missing, though there are links after it');
  const loose = [...records.keys()].find((id) => !recorded.has(id));
  if (loose !== undefined)
    return broken(at, `record ${loose} is in no link: its link was taken away, or it was put there by hand`);
  return strangers[0] === undefined ? undefined : broken(at, `${strangers[0]} is not of this ledger`);
}

function unknownHead(digests: readonly Digest[], known?: { head: Digest }): Break | undefined {
  if (known === undefined || digests.includes(known.head)) return undefined;
  return broken(
    digests.length + 1,
    `the known head ${shortDigest(known.head)} is not in the chain: its tail was cut off, or it was written anew`,
  );
}

export function signedIn(entries: readonly Entry[]): number {
  return entries.filter(({ link }) => link.signature !== undefined).length;
}

function howSigned(signed: number, entries: number, keys: KnownKeys): 'all' | 'some' | 'none' | 'unchecked' {
  if (signed === 0) return 'none';
  if (keys.size === 0) return 'unchecked';
  return signed === entries ? 'all' : 'some';
}

function broken(at: number, reason: string): Break {
  return { state: 'broken', at, reason };
}
