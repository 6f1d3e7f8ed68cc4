import { CouldNotRun, systemClock } from '#kernel';
import { mustSign, trustedLedger } from '#history';
import { composeLedger } from '../compose-ledger.ts';
import { acceptRecord, type Acceptance } from '#pipelines/deploy';
import { exitCodes, type Terminal } from '../terminal.ts';
import { runAcceptComment } from './accept-comment.ts';

export type AcceptOptions = Partial<Acceptance> & {
  repo: string;
  /** Whose fieldproof.yaml says who signs the ledger. */
  ref: string;
  signingKey?: string;
  fromComment?: number;
  sync?: string;
};

/** Somebody answers for a record: in words of their own here, or in a comment on its pull request. */
export async function runAccept(options: AcceptOptions, terminal: Terminal): Promise<number> {
  const { fromComment } = options;
  if (fromComment !== undefined) return await runAcceptComment({ ...options, fromComment }, terminal);
  const acceptance = wholeAcceptance(options);
  const { ledger, policy } = await composeLedger(options, terminal);
  await mustSign(ledger, policy, systemClock);
  const ports = { ledger: trustedLedger(ledger, policy, systemClock), clock: systemClock };
  const { fact, what } = await acceptRecord(acceptance, ports);
  terminal.out(`accepted         ${fact.model}: ${fact.by} answers for ${what} until the end of ${fact.until} (UTC)\n`);
  return exitCodes.pass;
}

function wholeAcceptance({ record, by, why, until }: AcceptOptions): Acceptance {
  if (record !== undefined && by !== undefined && why !== undefined && until !== undefined) return { record, by, why, until };
  throw new CouldNotRun({
    file: 'fieldproof accept',
    message: 'is not told what is answered for, by whom, why and until when',
    remedy: 'give --record, --by, --why and --until; or --from-comment with the id of a comment that says so',
  });
}
