import { composeIndex, exportEntries, readExported } from '../compose-index.ts';
import { composeLedger, composeShare } from '../compose-ledger.ts';
import type { Entry } from '#ledger';
import { plainText } from '#kernel';
import { asideNote, behind, missingFrom, trustedEntries } from '#history';
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
  verify?: boolean;
  problems?: string;
  export?: string;
  from?: string;
  index?: boolean;
  indexDatabase?: string;
};

/** Lists the history and says whether its chain holds, and what of it counts. A broken one is a failure, or one that a key was given for and did not sign. */
export async function runLedger(options: LedgerOptions, terminal: Terminal): Promise<number> {
  if (options.sync !== undefined) {
    const { taken, sent } = await (await composeShare(options, terminal))(options.sync);
    terminal.out(`ledger   ${taken} taken from ${options.sync}, ${sent} sent to it\n`);
    return exitCodes.pass;
  }
  if (options.index === true) return await bringIndex(options, terminal);
  const { ledger: own, policy } = await composeLedger(options, terminal);
  const ledger = options.from === undefined ? own : await readExported(options.from, terminal);
  const verification = await ledger.verify();
  // What cannot be trusted is not shown: only the break is.
  const entries = verification.state === 'intact' ? await ledger.entries() : [];
  if (options.verify === true && verification.state === 'intact') return await holdAgainstWitnesses(entries, options, terminal);
  if (options.export !== undefined && verification.state === 'intact') {
    await exportEntries(options.export, entries, terminal);
    terminal.out(`ledger   ${entries.length} entries in ${options.export}\n`);
    return exitCodes.pass;
  }
  const { aside } = await trustedEntries({ entries: () => Promise.resolve(entries) }, policy);
  const view = renderLedger({ rows: entries.map(rowOf), verification, note: asideNote(aside) }, terminal);
  if (options.json !== true) terminal.out(view);
  else if (verification.state === 'broken') terminal.err.write(view);
  else for (const entry of entries) terminal.out(`${JSON.stringify(entry)}\n`);
  const isSigned = options.publicKey === undefined || (verification.state === 'intact' && verification.signed === 'all');
  return verification.state === 'intact' && isSigned ? exitCodes.pass : exitCodes.fail;
}

/** Brings the index to the ledger's end, and says how far it has come. */
async function bringIndex(options: LedgerOptions, terminal: Terminal): Promise<number> {
  const { index, place, refresh } = await composeIndex(options, terminal);
  try {
    await refresh();
    const mark = await index.mark();
    terminal.out(`index    ${mark === null ? 'nothing to hold: the ledger is empty' : `${mark.head.seq} entries in ${place}`}\n`);
    return exitCodes.pass;
  } finally {
    await index.close();
  }
}

/** Says of each witness whether the ledger holds what it has seen; one that is not borne out is a failure. */
async function holdAgainstWitnesses(entries: readonly Entry[], options: LedgerOptions, terminal: Terminal): Promise<number> {
  // It asks the fleet and the code host, which a list of what is here does not.
  const { composeWitnesses } = await import('../compose-witnesses.ts');
  const { witnesses, unasked } = await composeWitnesses(options, terminal);
  const missing = missingFrom(entries, witnesses);
  for (const each of missing) terminal.out(`behind   ${plainText(behind(each, entries))}\n`);
  for (const place of unasked) terminal.out(`unasked  ${place}\n`);
  const borneOut = witnesses.length - missing.length;
  terminal.out(`${missing.length === 0 ? 'borne out' : 'behind   '} by ${borneOut} of ${witnesses.length} witnesses\n`);
  return missing.length === 0 ? exitCodes.pass : exitCodes.fail;
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
