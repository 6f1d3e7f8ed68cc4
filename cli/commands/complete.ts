import { plainText } from '#kernel';
import { completeStopped, type Completed } from '#pipelines/check';
import { composeCheck } from '../compose-check.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type CompleteOptions = { repo: string; ref: string; runner: 'process' | 'docker'; signingKey?: string };

/** A commit that is gone is no fault: there is nobody left to ask about it. */
export async function runComplete(options: CompleteOptions, terminal: Terminal): Promise<number> {
  const ports = await composeCheck(options, terminal);
  const completed = await completeStopped(options.ref, ports).finally(() => ports.progress.close());
  if (completed.length === 0) terminal.out('No check is waiting to be completed.\n');
  for (const one of completed) terminal.out(`${lineOf(one)}\n`);
  return exitCodes.pass;
}

function lineOf({ model, head, left }: Completed): string {
  const of = plainText(`${model} at ${head.slice(0, 12)}`);
  return left === null ? `completed  ${of}` : `left       ${of}: ${plainText(left)}`;
}
