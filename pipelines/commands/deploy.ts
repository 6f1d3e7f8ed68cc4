import { CouldNotRun, formatProblem } from '#kernel';
import { composeCodeHost, composeDeploy } from '../compose.ts';
import { configFile, readConfig } from '../config/config.ts';
import { deployMerged, type DeployPorts, type Landing } from '../deploy/deploy-merged.ts';
import { recordQueued } from '../publish/record-queued.ts';
import { runUrl } from '../publish/run-of-actions.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type DeployOptions = { repo: string; ref: string; signingKey?: string };

export async function runDeploy(options: DeployOptions, terminal: Terminal): Promise<number> {
  const ports = await composeDeploy(options, terminal);
  const results = await deployMerged(options.ref, ports);
  for (const { model, state, reason } of results) terminal.out(`${state.padEnd(16)} ${model}: ${reason}\n`);
  await queue(results, options, ports, terminal);
  if (results.some(({ state }) => state === 'refused')) return exitCodes.fail;
  return results.some(({ state }) => state === 'needs a check') ? exitCodes.inconclusive : exitCodes.pass;
}

/** What has landed is deployed whether the code host shows it or not, so a code host that fails is only told of. */
async function queue(results: readonly Landing[], options: DeployOptions, ports: DeployPorts, terminal: Terminal): Promise<void> {
  const models = results.filter(({ state }) => state === 'landed').map(({ model }) => model);
  if (models.length === 0) return;
  try {
    const commit = await ports.repository.resolve(options.ref);
    const config = readConfig((await ports.repository.readFile(commit, configFile)) ?? '');
    const codeHost = await composeCodeHost(terminal, config.github);
    if (codeHost !== null) await recordQueued({ commit, models, url: runUrl(terminal.env) }, config, codeHost.deployments);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    terminal.err.write(`no deployment is shown: ${thrown.problems.map((problem) => formatProblem(problem)).join('\n')}\n`);
  }
}
