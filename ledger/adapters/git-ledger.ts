import { readFile } from 'node:fs/promises';
import { CouldNotRun, type Clock, type Digest } from '#kernel';
import { compareAndSwapRef, openRepository, readRef, type Environment, type Repository } from '#git/adapters';
import { idOf } from '../chain.ts';
import type { Entry, Fact, Head, Ledger, LedgerReader, Terms, Verification } from '../ledger.ts';
import { knownKeys, readPublicKey, readSigningKey, type KnownKeys, type Signer } from '../signature.ts';
import { chainAt, entriesBetween, headAt, linkHeadAt, refuseBroken, wholeChainAt, writeAppend } from './ledger-branch.ts';
import { noteOwn } from './own-facts.ts';
import { inTurn } from './take-turns.ts';
import { WaitingFacts } from './waiting-facts.ts';
import { noteVerified, verifyOnward, type Verified } from './verify-onward.ts';

export type GitLedgerOptions = {
  /** A folder of the repository whose branch holds the ledger. */
  folder: string;
  environment: Environment;
  clock: Clock;
  /** Default: fieldproof/ledger. */
  branch?: string;
  /** Path of an Ed25519 private key in PEM; without it, new links are not signed. */
  signingKey?: string | undefined;
  /** Paths of the public keys that alone may have signed; none: signatures are not looked at here. */
  publicKeys?: readonly string[];
  /** A folder of this user's cache that says how far the branch was verified; without it, each time from the first link. */
  checkpoints?: string;
};

type IsKnown = (tip: string | null) => Promise<boolean>;

export type Keys = { signer: Signer | null; known: KnownKeys };

/** Someone wins every round, so this many rounds are lost only against this many others. */
const ROUNDS = 200;
/** Milliseconds between two rounds. */
const LONGEST_WAIT = 2000;

export const LEDGER_BRANCH = 'fieldproof/ledger';

/** What a remote was last seen to hold: a commit whose chain it can never lack again. */
export function seenRef(branch: string): string {
  return `refs/fieldproof/seen/${branch}`;
}

/** A ledger on an orphan branch. Neither the index nor the working tree is touched; one commit holds one append. */
export class GitLedger implements Ledger, LedgerReader {
  readonly #options: GitLedgerOptions;
  readonly #branch: string;
  readonly #ref: string;
  readonly #waiting = new WaitingFacts(async (facts, terms) => void (await this.#append(facts, terms, async () => false)));
  #repository: Promise<Repository> | undefined;
  #keys: Promise<Keys> | undefined;

  constructor(options: GitLedgerOptions) {
    this.#options = options;
    this.#branch = options.branch ?? LEDGER_BRANCH;
    this.#ref = `refs/heads/${this.#branch}`;
  }

  async append(facts: readonly Fact[], terms: Terms | null = null): Promise<readonly Digest[]> {
    const ids = facts.map((fact) => idOf(fact));
    if (facts.length > 0) await this.#waiting.add(facts, terms);
    return ids;
  }

  async appendUnless(
    isKnown: (entries: readonly Entry[]) => boolean,
    facts: readonly Fact[],
    terms: Terms | null = null,
  ): Promise<readonly Digest[] | null> {
    const ids = facts.map((fact) => idOf(fact));
    if (facts.length === 0) return ids;
    return (await this.#append(facts, terms, async (tip) => isKnown(await this.#entriesAt(tip)))) ? ids : null;
  }

  /** False where what would be appended is known already. */
  async #append(facts: readonly Fact[], terms: Terms | null, isKnown: IsKnown): Promise<boolean> {
    const repository = await this.#open();
    const turns = { clock: this.#options.clock, tip: async () => (await readRef(repository, this.#ref)) ?? null };
    return await inTurn(repository, turns, async () => await this.#rounds(facts, terms, isKnown));
  }

  async #rounds(facts: readonly Fact[], terms: Terms | null, isKnown: IsKnown): Promise<boolean> {
    const repository = await this.#open();
    for (let round = 0; round < ROUNDS; round += 1) {
      const tip = (await readRef(repository, this.#ref)) ?? null;
      if (await isKnown(tip)) return false;
      if (await this.#tryAppend(repository, facts, tip, terms)) return true;
      // Longer and longer, and nobody as long as another: fifty who try again at once would all but one do so in vain.
      await this.#options.clock.sleep(Math.random() * Math.min(20 * 2 ** round, LONGEST_WAIT));
    }
    throw new CouldNotRun({
      file: this.#ref,
      message: 'others kept appending faster',
      remedy: 'run again when fewer checks run at once',
    });
  }

  async entries(): Promise<readonly Entry[]> {
    const repository = await this.#open();
    const tip = (await readRef(repository, this.#ref)) ?? null;
    const { known: keys } = await this.#readKeys();
    const chain = await wholeChainAt(repository, tip, keys, this.#ref);
    const checkpoints = this.#options.checkpoints ?? null;
    if (tip !== null) await noteVerified(tip, chain, { repository, ref: this.#ref, keys, checkpoints });
    return chain.entries;
  }

  async #entriesAt(tip: string | null): Promise<readonly Entry[]> {
    return (await wholeChainAt(await this.#open(), tip, (await this.#readKeys()).known, this.#ref)).entries;
  }

  async verify(known?: { head: Digest }): Promise<Verification> {
    const repository = await this.#open();
    const tip = (await readRef(repository, this.#ref)) ?? null;
    if (tip !== null && known === undefined) return (await this.#verifyOnward(tip)).chain.verification;
    return (await chainAt(repository, tip, (await this.#readKeys()).known, known)).verification;
  }

  async entriesAfter(head: Head): Promise<readonly Entry[] | null> {
    const repository = await this.#open();
    const tip = (await readRef(repository, this.#ref)) ?? null;
    if (tip === null) return null;
    const { chain, from } = await this.#verifyOnward(tip);
    refuseBroken(chain, this.#ref);
    if ((await linkHeadAt(repository, tip, head.seq))?.digest !== head.digest) return null;
    if (head.seq >= from) return chain.entries.filter(({ link }) => link.seq > head.seq);
    return [...(await entriesBetween(repository, tip, { after: head.seq, to: from })), ...chain.entries];
  }

  async #verifyOnward(tip: string): Promise<Verified> {
    const keys = (await this.#readKeys()).known;
    const checkpoints = this.#options.checkpoints ?? null;
    return await verifyOnward(tip, { repository: await this.#open(), ref: this.#ref, keys, checkpoints });
  }

  async signsAs(): Promise<Digest | null> {
    return (await this.#readKeys()).signer?.key ?? null;
  }

  async sharedHead(): Promise<Head | null> {
    const repository = await this.#open();
    const seen = await readRef(repository, seenRef(this.#branch));
    return seen === undefined ? null : await headAt(repository, seen);
  }

  /** One compare-and-set. It is noted as our own before it can be seen, so that no acknowledged fact is ever taken for another's. */
  async #tryAppend(repository: Repository, facts: readonly Fact[], tip: string | null, terms: Terms | null): Promise<boolean> {
    const { signer } = await this.#readKeys();
    const written = await writeAppend(repository, tip, facts, { signer, terms, clock: this.#options.clock, ref: this.#ref });
    if (written === null) return true;
    await noteOwn(repository, this.#branch, written.added);
    return compareAndSwapRef(repository, this.#ref, written.commit, tip);
  }

  #open(): Promise<Repository> {
    this.#repository ??= openRepository(this.#options.folder, { environment: this.#options.environment });
    return this.#repository;
  }

  #readKeys(): Promise<Keys> {
    this.#keys ??= readKeys(this.#options);
    return this.#keys;
  }
}

export async function readKeys({ signingKey, publicKeys = [] }: GitLedgerOptions): Promise<Keys> {
  const own = signingKey === undefined ? null : readSigningKey(await readPem(signingKey), signingKey);
  const known = await Promise.all(publicKeys.map(async (file) => readPublicKey(await readPem(file), file)));
  return { signer: own?.signer ?? null, known: knownKeys(known) };
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CouldNotRun(
      { file, message: 'the key cannot be read', remedy: 'correct the path, or the rights of the file' },
      { cause },
    );
  }
}
