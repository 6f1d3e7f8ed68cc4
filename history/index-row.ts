import { releaseName, type Digest } from '#kernel';
import type { Entry } from '#ledger';
import { readFact, type AnyFact, type KindOfFact } from './read-facts.ts';

/** A fact with what it is found by. Goes up with `INDEX_FORM` whenever any of it changes. */
export type IndexRow = {
  seq: number;
  id: Digest;
  kind: KindOfFact;
  model: string;
  site: string | null;
  /** Facts of one series replace each other: the last one is how things stand. */
  series: string | null;
  /** Records, commits and releases that it names. */
  about: readonly string[];
  fact: AnyFact;
};

export const INDEX_FORM = 2;

/** Null for a kind that this version knows nothing of. @throws CouldNotRun naming a record that cannot be read */
export function indexRow({ link, record }: Entry): IndexRow | null {
  const fact = readFact(record);
  if (fact === null) return null;
  const site = 'site' in fact ? fact.site : null;
  return {
    seq: link.seq,
    id: record.id,
    kind: fact.kind,
    model: fact.model,
    site,
    series: seriesOf(fact),
    about: aboutOf(fact),
    fact,
  };
}

function seriesOf(fact: AnyFact): string | null {
  if (fact.kind === 'rollout') return JSON.stringify([fact.kind, fact.model, fact.site, fact.chipset]);
  if (fact.kind !== 'shift' && fact.kind !== 'drift') return null;
  return JSON.stringify([fact.kind, fact.model, fact.site, fact.signal, fact.slice]);
}

const NAMING = ['prediction', 'verdict', 'hold', 'record', 'of', 'arrival', 'head', 'tree', 'commit', 'fleetCommit'];

function aboutOf(fact: AnyFact): string[] {
  const fields = fact as Readonly<Record<string, unknown>>;
  const named = NAMING.flatMap((field) => (typeof fields[field] === 'string' ? [fields[field]] : []));
  const release = 'candidate' in fact ? [releaseName(fact.candidate)] : 'release' in fact ? [releaseName(fact.release)] : [];
  return [...new Set([...named, ...release])];
}
