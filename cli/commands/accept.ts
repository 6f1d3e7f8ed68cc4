import { systemClock } from '#kernel';
import { mustSign, trustedLedger } from '#history';
import { composeLedger } from '../compose.ts';
import { acceptRecord, type Acceptance } from '#pipelines/deploy';
import { exitCodes, type Terminal } from '../terminal.ts';

export type AcceptOptions = Acceptance & { repo: string; ref: string; signingKey?: string };

export async function runAccept(options: AcceptOptions, terminal: Terminal): Promise<number> {
  const { record, by, why, until } = options;
  const { ledger, policy } = await composeLedger(options, terminal);
  await mustSign(ledger, policy, systemClock);
  const ports = { ledger: trustedLedger(ledger, policy, systemClock), clock: systemClock };
  const { fact, what } = await acceptRecord({ record, by, why, until }, ports);
  terminal.out(`accepted         ${fact.model}: ${fact.by} answers for ${what} until the end of ${fact.until} (UTC)\n`);
  return exitCodes.pass;
}
