import { z } from 'zod';
import { canonicalJson, digestOf, digestSchema, shortDigest, type Digest } from '#kernel';
import type { LedgerFile } from './chain.ts';
import type { Entry, Fact, Link, Verification } from './ledger.ts';
import { readPath } from './layout.ts';
import { isSignedBy, type KnownKeys } from './signature.ts';

type Break = Extract<Verification, { state: 'broken' }>;

/** Entries up to the first break with the digest of each one's link, and what was found. */
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

/** Follows the chain from its first link. Every record is hashed, every link compared with the one before it. */
export function checkChain(list: readonly LedgerFile[], keys: KnownKeys, known?: { head: Digest }): CheckedChain {
  const files = sortFiles(list);
  const entries: Entry[] = [];
  const digests: Digest[] = [];
  const recorded = new Set<Digest>();
  let head: Digest | null = null;
  const brokenAt = (seq: number, reason: string) => ({ entries, digests, verification: broken(seq, reason) });
  for (let seq = 1; files.links.has(seq); seq += 1) {
    const entry = readEntry(files, seq, head, keys);
    if (typeof entry === 'string') return brokenAt(seq, entry);
    // Signed anew, a record may be there again: the one before may be of somebody who does not count.
    if (recorded.has(entry.record.id) && entry.link.signature === undefined)
      return brokenAt(seq, `record ${entry.record.id} is there a second time`);
    recorded.add(entry.record.id);
    entries.push(entry);
    head = digestOf(files.links.get(seq) ?? '');
    digests.push(head);
  }
  const leftOver = whatIsLeft(files, entries.length, recorded) ?? unknownHead(digests, known);
  const signed = howSigned(entries, keys);
  return { entries, digests, verification: leftOver ?? { state: 'intact', entries: entries.length, head, signed } };
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
function whatIsLeft({ records, links, strangers }: Files, entries: number, recorded: ReadonlySet<Digest>): Break | undefined {
  const at = entries + 1;
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

function howSigned(entries: readonly Entry[], keys: KnownKeys): 'all' | 'some' | 'none' | 'unchecked' {
  const signed = entries.filter(({ link }) => link.signature !== undefined).length;
  if (signed === 0) return 'none';
  if (keys.size === 0) return 'unchecked';
  return signed === entries.length ? 'all' : 'some';
}

function broken(at: number, reason: string): Break {
  return { state: 'broken', at, reason };
}
