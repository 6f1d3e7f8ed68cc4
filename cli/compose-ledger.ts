import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LedgerConfig, configFile, readConfig } from '#config';
import { type Repository, gitModelRepository, resolveCommit } from '#git/adapters';
import { termsOf } from '#history';
import { systemClock } from '#kernel';
import type { Ledger, LedgerReader } from '#ledger';
import { GitLedger, type Shared, shareLedger } from '#ledger/adapters';
import { open } from './compose-repository.ts';
import { cacheFolder } from './compose-tree.ts';
import type { Terminal } from './terminal.ts';

type LedgerOptions = { repo: string; ref: string; publicKey?: string; signingKey?: string };

/** The ledger as it lies there, and whose entries count by the policy of a commit. */
export async function composeLedger(
  options: LedgerOptions,
  terminal: Terminal,
): Promise<{ ledger: Ledger; policy: LedgerConfig | null }> {
  const repository = await open(options.repo, terminal);
  return { ledger: openLedger(repository, terminal, options), policy: await ledgerPolicy(repository, options.ref) };
}

/** The same, for who keeps what was read of it before. */
export async function composeReader(
  options: LedgerOptions,
  terminal: Terminal,
): Promise<{ ledger: LedgerReader & Pick<Ledger, 'verify'>; policy: LedgerConfig | null }> {
  const repository = await open(options.repo, terminal);
  return {
    ledger: new GitLedger(ledgerOptions(repository, terminal, options)),
    policy: await ledgerPolicy(repository, options.ref),
  };
}

/** Brings the ledger here and that of a remote to the same end. */
export async function composeShare(options: LedgerOptions, terminal: Terminal): Promise<(remote: string) => Promise<Shared>> {
  const repository = await open(options.repo, terminal);
  const terms = termsOf(await ledgerPolicy(repository, options.ref));
  return async (remote) => await shareLedger(remote, ledgerOptions(repository, terminal, options), terms);
}

/** Null where fieldproof.yaml does not say who signs, or there is none, such as before the first commit. */
async function ledgerPolicy(repository: Repository, ref: string): Promise<LedgerConfig | null> {
  if (ref === 'HEAD' && (await resolveCommit(repository, ref)) === undefined) return null;
  const models = gitModelRepository(repository, tmpdir());
  const text = await models.readFile(await models.resolve(ref), configFile);
  return text === undefined ? null : readConfig(text).ledger;
}

export function openLedger(
  repository: Repository,
  terminal: Terminal,
  keys: { signingKey?: string; publicKey?: string },
): Ledger {
  return new GitLedger(ledgerOptions(repository, terminal, keys));
}

function ledgerOptions({ folder }: Repository, { env }: Terminal, keys: { signingKey?: string; publicKey?: string }) {
  const publicKeys = keys.publicKey === undefined ? [] : [keys.publicKey];
  const checkpoints = join(cacheFolder(env), 'checkpoints');
  return { folder, environment: env, clock: systemClock, signingKey: keys.signingKey, publicKeys, checkpoints };
}
