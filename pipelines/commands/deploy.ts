import { composeDeploy } from '../compose.ts';
import { deployMerged } from '../deploy/deploy-merged.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type DeployOptions = { repo: string; ref: string; signingKey?: string };

export async function runDeploy(options: DeployOptions, terminal: Terminal): Promise<number> {
  const results = await deployMerged(options.ref, await composeDeploy(options, terminal));
  for (const { model, state, reason } of results) terminal.out(`${state.padEnd(16)} ${model}: ${reason}\n`);
  if (results.some(({ state }) => state === 'refused')) return exitCodes.fail;
  return results.some(({ state }) => state === 'needs a check') ? exitCodes.inconclusive : exitCodes.pass;
}
