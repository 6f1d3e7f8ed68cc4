import { composeDeploy } from '../compose-fleet.ts';
import { deployMerged, failedStates, openStates, type Landing } from '#pipelines/deploy';
import { exitCodes, type Terminal } from '../terminal.ts';

export type DeployOptions = {
  repo: string;
  ref: string;
  model?: string;
  /** Left out: watch where there is more than one wave. */
  wait?: boolean;
  skipUnknown?: boolean;
  signingKey?: string;
};

export async function runDeploy(options: DeployOptions, terminal: Terminal): Promise<number> {
  const { ref, model = null, wait, skipUnknown = false } = options;
  const ports = await composeDeploy(options, terminal);
  const waiting = wait === undefined ? 'auto' : wait ? 'always' : 'never';
  const results = await deployMerged({ ref, model, wait: waiting, skipUnknown }, ports).finally(() => ports.progress.close());
  for (const result of results) terminal.out(lineOf(result));
  if (results.some(({ state }) => failedStates.includes(state))) return exitCodes.fail;
  return results.some(({ state }) => openStates.includes(state)) ? exitCodes.inconclusive : exitCodes.pass;
}

export function lineOf({ model, state, reason }: Landing): string {
  return `${state.padEnd(16)} ${model}: ${reason}\n`;
}
