import { composeLedger, composeShare } from '../compose.ts';
import type { Entry } from '#ledger';
import { asideNote, trustedEntries } from '#history';
import { renderLedger, type LedgerRow } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';

export type LedgerOptions = {
  repo: string;
  /** Whose fieldproof.yaml says which entries count. */
  ref: string;
  publicKey?: string;
  signingKey?: string;
  json?: boolean;
  sync?: string;
};

/** Lists the history and says whether its chain holds, and what of it counts. A broken one is a failure, or one that a key was given for and did not sign. */
export async function runLedger(options: LedgerOptions, terminal: Terminal): Promise<number> {
  if (options.sync !== undefined) {
    const { taken, sent } = await (await composeShare(options, terminal))(options.sync);
    terminal.out(`ledger   ${taken} taken from ${options.sync}, ${sent} sent to it\n`);
    return exitCodes.pass;
  }
  const { ledger, policy } = await composeLedger(options, terminal);
  const verification = await ledger.verify();
  // What cannot be trusted is not shown: only the break is.
  const entries = verification.state === 'intact' ? await ledger.entries() : [];
  const { aside } = await trustedEntries({ entries: () => Promise.resolve(entries) }, policy);
  const view = renderLedger({ rows: entries.map(rowOf), verification, note: asideNote(aside) }, terminal);
  if (options.json !== true) terminal.out(view);
  else if (verification.state === 'broken') terminal.err.write(view);
  else for (const entry of entries) terminal.out(`${JSON.stringify(entry)}\n`);
  const isSigned = options.publicKey === undefined || (verification.state === 'intact' && verification.signed === 'all');
  return verification.state === 'intact' && isSigned ? exitCodes.pass : exitCodes.fail;
}

function rowOf({ link, record }: Entry): LedgerRow {
  const { kind, model, site, chipset, dataset, metric, outcome, state, at } = record.fact;
  const subject = [model, site, chipset, dataset, metric].filter((part) => typeof part === 'string').join(' ');
  return {
    seq: link.seq,
    id: record.id,
    kind,
    at: typeof at === 'string' ? at : null,
    subject,
    outcome: [outcome, state].find((word) => typeof word === 'string') ?? null,
  };
}
