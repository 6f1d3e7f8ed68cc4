import { CouldNotRun, systemClock } from '#kernel';
import { publishingPolicy } from '#codehost';
import { mustSign, trustedLedger } from '#history';
import { acceptComment, replyTo } from '#pipelines/deploy';
import { composeCodeHost } from '../compose-code-host.ts';
import { composeLedger, composeShare } from '../compose-ledger.ts';
import { composeRepository } from '../compose-repository.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type AcceptCommentOptions = { repo: string; ref: string; fromComment: number; sync?: string; signingKey?: string };

/** Answers the comment only after the ledger has been shared: what is said to be recorded then is, for everybody. */
export async function runAcceptComment(options: AcceptCommentOptions, terminal: Terminal): Promise<number> {
  const { fromComment: id, sync } = options;
  const policy = await publishingPolicy(await composeRepository(options.repo, terminal), options.ref);
  const codeHost = await composeCodeHost(terminal, policy);
  if (codeHost === null) throw nowhere();
  const share = await composeShare(options, terminal);
  if (sync !== undefined) await share(sync);
  const { ledger: kept, policy: signed } = await composeLedger(options, terminal);
  await mustSign(kept, signed, systemClock);
  const ledger = trustedLedger(kept, signed, systemClock);
  const told = await acceptComment(id, { codeHost, ledger, clock: systemClock });
  if (sync !== undefined && told.kind === 'accepted') await share(sync);
  const reply = replyTo(id, told);
  if (reply !== null) await codeHost.comments.upsert(reply);
  const words = {
    ignored: 'asks for nothing',
    refused: told.kind === 'refused' ? `is refused: ${told.reason}` : '',
    accepted: 'is recorded',
  };
  terminal.out(`comment ${id}  ${words[told.kind]}\n`);
  return told.kind === 'refused' ? exitCodes.fail : exitCodes.pass;
}

function nowhere(): CouldNotRun {
  return new CouldNotRun({
    file: 'environment',
    message: 'names no repository on GitHub, or nothing to sign in with, so no comment can be read',
    remedy: 'set GITHUB_REPOSITORY to owner/name, and FIELDPROOF_APP_ID and FIELDPROOF_APP_PRIVATE_KEY, or GITHUB_TOKEN',
  });
}
