import { readFile } from 'node:fs/promises';
import { CouldNotRun, digestOf, type Clock, type Digest } from '#kernel';
import {
  checkedOutBranches,
  compareAndSwapRef,
  listFiles,
  openRepository,
  readFileAt,
  readObjects,
  readRef,
  writeCommit,
  type Environment,
  type Repository,
} from '#git/adapters';
import { checkChain, type CheckedChain } from '../check-chain.ts';
import { extendChain, idOf, type Head, type LedgerFile } from '../chain.ts';
import type { Entry, Fact, Ledger, Verification } from '../ledger.ts';
import { linkPath, readPath, recordPath } from '../layout.ts';
import { knownKeys, readPublicKey, readSigningKey, type KnownKeys, type Signer } from '../signature.ts';

export type GitLedgerOptions = {
  /** A folder of the repository whose branch holds the ledger. */
  folder: string;
  environment: Environment;
  clock: Clock;
  /** Default: fieldproof/ledger. */
  branch?: string;
  /** Path of an Ed25519 private key in PEM; without it, new links are not signed. */
  signingKey?: string | undefined;
  /** Paths of the public keys that may have signed. The signing key's own is known without saying. */
  publicKeys?: readonly string[];
};

type Keys = { signer: Signer | null; known: KnownKeys };

/** Someone wins every round, so this many rounds are lost only against this many others. */
const ROUNDS = 200;

/** A ledger on an orphan branch. Neither the index nor the working tree is touched; one commit holds one append. */
export class GitLedger implements Ledger {
  readonly #options: GitLedgerOptions;
  readonly #ref: string;
  #repository: Promise<Repository> | undefined;
  #keys: Promise<Keys> | undefined;

  constructor(options: GitLedgerOptions) {
    this.#options = options;
    this.#ref = `refs/heads/${options.branch ?? 'fieldproof/ledger'}`;
  }

  async append(facts: readonly Fact[]): Promise<readonly Digest[]> {
    const ids = await this.#append(facts, () => Promise.resolve(false));
    return ids ?? [];
  }

  async appendUnless(isKnown: (entries: readonly Entry[]) => boolean, facts: readonly Fact[]): Promise<readonly Digest[] | null> {
    return await this.#append(facts, async (tip) => isKnown(await this.#entriesAt(tip)));
  }

  /** Null where what would be appended is known already. */
  async #append(facts: readonly Fact[], isKnown: (tip: string | null) => Promise<boolean>): Promise<readonly Digest[] | null> {
    const ids = facts.map((fact) => idOf(fact));
    if (facts.length === 0) return ids;
    const repository = await this.#open();
    for (let round = 0; round < ROUNDS; round += 1) {
      const tip = (await readRef(repository, this.#ref)) ?? null;
      if (await isKnown(tip)) return null;
      if (await this.#tryAppend(repository, facts, ids, tip)) return ids;
      await this.#options.clock.sleep(Math.min(10 * round, 200));
    }
    throw new CouldNotRun({
      file: this.#ref,
      message: 'others kept appending faster',
      remedy: 'run again when fewer checks run at once',
    });
  }

  async entries(): Promise<readonly Entry[]> {
    const repository = await this.#open();
    return await this.#entriesAt((await readRef(repository, this.#ref)) ?? null);
  }

  async #entriesAt(tip: string | null): Promise<readonly Entry[]> {
    const { entries, verification } = await this.#checkAt(tip);
    if (verification.state === 'intact') return entries;
    throw new CouldNotRun({
      file: this.#ref,
      message: `the ledger is broken at entry ${verification.at}: ${verification.reason}`,
      remedy: `look at git log ${this.#ref.slice('refs/heads/'.length)} for the commit that did it, and move the branch back before it`,
    });
  }

  async verify(known?: { head: Digest }): Promise<Verification> {
    const tip = (await readRef(await this.#open(), this.#ref)) ?? null;
    return (await this.#checkAt(tip, known)).verification;
  }

  /** One compare-and-set. The links are made anew each time; the records keep their names. */
  async #tryAppend(repository: Repository, facts: readonly Fact[], ids: readonly Digest[], tip: string | null): Promise<boolean> {
    await this.#refuseCheckedOut(repository);
    const [head, present, { signer }] = await Promise.all([
      tip === null ? null : this.#headAt(repository, tip),
      tip === null ? new Set<Digest>() : presentAt(repository, tip, ids),
      this.#readKeys(),
    ]);
    const { files, head: next } = extendChain(facts, head, present, signer);
    if (files.length === 0 || next === null) return true;
    const message = `Append ${files.length / 2} to the ledger\n\nFieldproof-Ledger-Head: ${next.digest}\n`;
    const date = this.#options.clock.now();
    const commit = await writeCommit(repository, { parent: tip, changes: files, message, date });
    return compareAndSwapRef(repository, this.#ref, commit, tip);
  }

  async #headAt(repository: Repository, tip: string): Promise<Head | null> {
    const places = (await listFiles(repository, tip, 'chain')).map(({ path }) => readPath(path));
    const seq = Math.max(0, ...places.map((place) => (place?.kind === 'link' ? place.seq : 0)));
    if (seq === 0) return null;
    const text = await readFileAt(repository, tip, linkPath(seq));
    return { seq, digest: digestOf(text ?? '') };
  }

  async #checkAt(tip: string | null, known?: { head: Digest }): Promise<CheckedChain> {
    const keys = (await this.#readKeys()).known;
    return checkChain(tip === null ? [] : await filesAt(await this.#open(), tip), keys, known);
  }

  #open(): Promise<Repository> {
    this.#repository ??= openRepository(this.#options.folder, { environment: this.#options.environment });
    return this.#repository;
  }

  #readKeys(): Promise<Keys> {
    this.#keys ??= readKeys(this.#options);
    return this.#keys;
  }

  async #refuseCheckedOut(repository: Repository): Promise<void> {
    if (!(await checkedOutBranches(repository)).includes(this.#ref)) return;
    const message = "the ledger's branch is checked out, and an append would leave that working tree behind";
    throw new CouldNotRun({ file: this.#ref, message, remedy: 'switch that working tree to another branch' });
  }
}

async function presentAt(repository: Repository, tip: string, ids: readonly Digest[]): Promise<Set<Digest>> {
  const contents = await readObjects(
    repository,
    ids.map((id) => `${tip}:${recordPath(id)}`),
  );
  return new Set(ids.filter((_, index) => contents[index] !== undefined));
}

async function filesAt(repository: Repository, tip: string): Promise<LedgerFile[]> {
  const entries = await listFiles(repository, tip);
  const contents = await readObjects(
    repository,
    entries.map(({ id }) => id),
  );
  return entries.map(({ path }, index) => ({
    path,
    content: new TextDecoder('utf-8', { ignoreBOM: true }).decode(contents[index]),
  }));
}

async function readKeys({ signingKey, publicKeys = [] }: GitLedgerOptions): Promise<Keys> {
  const own = signingKey === undefined ? null : readSigningKey(await readPem(signingKey), signingKey);
  const others = await Promise.all(publicKeys.map(async (file) => readPublicKey(await readPem(file), file)));
  return { signer: own?.signer ?? null, known: knownKeys([...(own ? [own.publicKey] : []), ...others]) };
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
