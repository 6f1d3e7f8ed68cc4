import { composeDeploy } from '../compose-fleet.ts';
import { rollBackByHand } from '#pipelines/deploy';
import { exitCodes, type Terminal } from '../terminal.ts';
import { lineOf } from './deploy.ts';

export type RollbackOptions = {
  repo: string;
  ref: string;
  model: string;
  site?: string;
  by: string;
  why: string;
  signingKey?: string;
};

export async function runRollback(options: RollbackOptions, terminal: Terminal): Promise<number> {
  const ports = await composeDeploy(options, terminal);
  const result = await rollBackByHand({ ...options, site: options.site ?? null }, ports).finally(() => ports.progress.close());
  terminal.out(lineOf(result));
  return result.state === 'reverted' ? exitCodes.pass : exitCodes.fail;
}
