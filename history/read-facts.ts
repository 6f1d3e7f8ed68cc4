import { CouldNotRun, plainText, type Digest, type Json } from '#kernel';
import type { Entry, Fact, Ledger } from '#ledger';
import { auditKinds } from './audit-facts.ts';
import { checkKinds } from './check-facts.ts';
import { deployKinds } from './deploy-facts.ts';
import type { FactKind } from './fact-kind.ts';
import { iterationKinds } from './iteration-facts.ts';
import { realisedKinds } from './realised-facts.ts';
import { replayKinds } from './replay-facts.ts';
import { rolloutKinds } from './rollout-facts.ts';
import { shipmentKinds } from './shipment-facts.ts';

/** Every kind of fact. A name once given is never given to another. */
const KINDS = {
  ...checkKinds,
  ...deployKinds,
  ...rolloutKinds,
  ...replayKinds,
  ...auditKinds,
  ...realisedKinds,
  ...iterationKinds,
  ...shipmentKinds,
};

type Kinds = typeof KINDS;
export type KindOfFact = keyof Kinds;
export type FactOf<K extends KindOfFact> = Kinds[K] extends FactKind<infer F> ? F : never;
export const KINDS_OF_FACT = Object.keys(KINDS) as readonly KindOfFact[];
/** In which version each kind is written today. */
export const VERSIONS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(KINDS).map(([kind, { version }]) => [kind, version]),
);
export type AnyFact = { [K in KindOfFact]: FactOf<K> }[KindOfFact];

/** A fact with the record that it is, and its place in the ledger. */
export type Recorded<F> = { id: Digest; seq: number; fact: F };

/** The facts of one kind, oldest first, in today's form. @throws CouldNotRun naming the record that cannot be read */
export function factsOf<K extends KindOfFact>(entries: readonly Entry[], kind: K): Recorded<FactOf<K>>[] {
  const known = readOf(entries);
  const read = known.get(kind) ?? entries.flatMap(({ link, record }) => recordedAs(kind, link.seq, record));
  known.set(kind, read as readonly Recorded<AnyFact>[]);
  return [...read] as Recorded<FactOf<K>>[];
}

type Read = Map<KindOfFact, readonly Recorded<AnyFact>[]>;

/** Of each list of entries, each kind is read once, however many ask; a list that has grown since is read anew. */
const READ = new WeakMap<readonly Entry[], { length: number; byKind: Read }>();

function readOf(entries: readonly Entry[]): Read {
  const known = READ.get(entries);
  if (known?.length === entries.length) return known.byKind;
  const byKind: Read = new Map();
  READ.set(entries, { length: entries.length, byKind });
  return byKind;
}

/** Facts that were read already, as entries: what asks for them by their kind gets them as they are. Their links are not those of the ledger. */
export function entriesOf(read: readonly Recorded<AnyFact>[]): readonly Entry[] {
  const entries = read.map(({ id, seq, fact }) => ({
    link: { seq, previous: null, record: id },
    record: { id, fact },
  }));
  const byKind = Map.groupBy(read, ({ fact }) => fact.kind);
  READ.set(entries, { length: entries.length, byKind: new Map(KINDS_OF_FACT.map((kind) => [kind, byKind.get(kind) ?? []])) });
  return entries;
}

function recordedAs<K extends KindOfFact>(kind: K, seq: number, record: Entry['record']): Recorded<FactOf<K>>[] {
  return record.fact.kind === kind ? [{ id: record.id, seq, fact: parseFact(kind, record) }] : [];
}

/** Those that are about one model. */
export function factsAbout<K extends KindOfFact>(entries: readonly Entry[], model: string, kind: K): Recorded<FactOf<K>>[] {
  return factsOf(
    entries.filter(({ record }) => record.fact['model'] === model),
    kind,
  );
}

/** Appends facts in today's form, each with its version. Returns their records; a fact that is there already keeps its place. */
export async function appendFacts(ledger: Pick<Ledger, 'append'>, facts: readonly AnyFact[]): Promise<readonly Digest[]> {
  return await ledger.append(facts.map((fact) => asWritten(fact)));
}

/** The same, unless it is known at that moment: see the ledger. */
export async function appendUnless(
  ledger: Pick<Ledger, 'appendUnless'>,
  isKnown: (entries: readonly Entry[]) => boolean,
  facts: readonly AnyFact[],
): Promise<readonly Digest[] | null> {
  return await ledger.appendUnless(
    isKnown,
    facts.map((fact) => asWritten(fact)),
  );
}

/** As the ledger stores it: plain JSON. */
export function asWritten(fact: AnyFact): Fact {
  const { version } = KINDS[fact.kind];
  return JSON.parse(JSON.stringify({ ...fact, version })) as { kind: string } & Record<string, Json>;
}

/** In today's form, whatever its kind; null for a kind that this version knows nothing of. @throws CouldNotRun when it cannot be read */
export function readFact(record: Entry['record']): AnyFact | null {
  const { kind } = record.fact;
  return isKind(kind) ? parseFact(kind, record) : null;
}

function isKind(kind: string): kind is KindOfFact {
  return Object.hasOwn(KINDS, kind);
}

function parseFact<K extends KindOfFact>(kind: K, { id, fact }: Entry['record']): FactOf<K> {
  const { version = 1, ...said } = fact;
  const known: FactKind<unknown> = KINDS[kind];
  const schema = typeof version === 'number' ? known.schemas[version] : undefined;
  if (schema === undefined) {
    const message = `it is a ${kind} of version ${plainText(JSON.stringify(version))}, and this Fieldproof knows none above ${known.version}`;
    throw unreadable(id, message, 'read this ledger with the version of Fieldproof that wrote it, or a newer one');
  }
  const parsed = schema.safeParse(said);
  if (parsed.success) return parsed.data as FactOf<K>;
  const [issue] = parsed.error.issues;
  const what = plainText(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`).slice(0, 200);
  throw unreadable(id, `it is no ${kind} as Fieldproof writes it: ${what}`, 'see who wrote it: fieldproof ledger --json');
}

function unreadable(id: Digest, message: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: 'the ledger', field: id, message, remedy });
}
