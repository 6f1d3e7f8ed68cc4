import { systemClock } from '#kernel';
import { composeLedger } from '../compose.ts';
import { acceptRecord, type Acceptance } from '#pipelines/deploy';
import { exitCodes, type Terminal } from '../terminal.ts';

export type AcceptOptions = Acceptance & { repo: string; signingKey?: string };

export async function runAccept(options: AcceptOptions, terminal: Terminal): Promise<number> {
  const { record, by, why, until } = options;
  const ledger = await composeLedger(options, terminal);
  const { fact, what } = await acceptRecord({ record, by, why, until }, { ledger, clock: systemClock });
  terminal.out(`accepted         ${fact.model}: ${fact.by} answers for ${what} until the end of ${fact.until} (UTC)\n`);
  return exitCodes.pass;
}
