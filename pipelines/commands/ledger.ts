import { composeLedger } from '../compose.ts';
import type { Entry } from '#ledger';
import { renderLedger, type LedgerRow } from '../report/ledger-view.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type LedgerOptions = { repo: string; publicKey?: string; json?: boolean };

/** Lists the history and says whether its chain holds; a broken one is a failure. */
export async function runLedger(options: LedgerOptions, terminal: Terminal): Promise<number> {
  const ledger = await composeLedger(options, terminal);
  const [entries, verification] = await Promise.all([ledger.entries(), ledger.verify()]);
  if (options.json === true) for (const entry of entries) terminal.out(`${JSON.stringify(entry)}\n`);
  else terminal.out(renderLedger({ rows: entries.map(rowOf), verification }, terminal));
  return verification.state === 'intact' ? exitCodes.pass : exitCodes.fail;
}

function rowOf({ link, record }: Entry): LedgerRow {
  const { kind, model, dataset, metric, outcome, at } = record.fact;
  const subject = [model, dataset, metric].filter((part) => typeof part === 'string').join(' ');
  return {
    seq: link.seq,
    id: record.id,
    kind,
    at: typeof at === 'string' ? at : null,
    subject,
    outcome: typeof outcome === 'string' ? outcome : null,
  };
}
