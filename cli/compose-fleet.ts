import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CouldNotRun, formatProblem, systemClock } from '#kernel';
import { kubernetesWatcher, KubernetesRolloutWatcher } from '#gitops/adapters';
import { dockerCredentials, KnownDigests, OciRegistry } from '#images/adapters';
import { gitModelRepository } from '#git/adapters';
import { type Deployments, fleetPlace, isOnGithub, type Moments } from '#codehost';
import { cacheFolder, dataFolder } from './compose-tree.ts';
import { composeCodeHost } from './compose-code-host.ts';
import { fleetOpener } from './compose-fleet-repository.ts';
import { imageStore } from './compose-images.ts';
import { open } from './compose-repository.ts';
import { openLedger } from './compose-ledger.ts';
import { progressOn } from './compose-progress.ts';
import { configFile, readConfig, type Config } from '#config';
import type { DeployPorts } from '#pipelines/deploy';
import type { ModelRepository } from '#git';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';
import type { WatchPorts } from '#pipelines/watch';

/** Ports of what happens after a merge: the fleet repository, the clusters that read it, and where it is shown. */

type Options = { repo: string; ref: string; signingKey?: string };

export async function composeDeploy(options: Options, terminal: Terminal): Promise<DeployPorts & { progress: TerminalProgress }> {
  const { config, ...ports } = await composeShared(options, terminal);
  const watcher = kubernetesWatcher(terminal.env);
  return { ...ports, watcher, pullRequests: fleetPullRequests(config, terminal) };
}

export async function composeWatch(options: Options, terminal: Terminal): Promise<WatchPorts & { progress: TerminalProgress }> {
  const { config: _, ...ports } = await composeShared(options, terminal);
  return { ...ports, watcher: new KubernetesRolloutWatcher({ environment: terminal.env }) };
}

/** The models' repository, the ledger, the fleet and its images, by the fieldproof.yaml of a commit. */
export async function composeFleet(options: Options, terminal: Terminal) {
  const opened = await open(options.repo, terminal);
  const repository = gitModelRepository(opened, tmpdir(), dataFolder(terminal.env));
  const config = await configAt(repository, options.ref);
  const store = imageStore(terminal.env);
  const folder = join(cacheFolder(terminal.env), 'indexes');
  const registry = new OciRegistry({ store, credentials: dockerCredentials(terminal.env) });
  return {
    config,
    repository,
    ledger: openLedger(opened, terminal, options),
    openFleet: fleetOpener(opened, terminal),
    images: new KnownDigests({ store, registry, folder }),
    clock: systemClock,
    progress: progressOn(terminal),
  };
}

async function composeShared(options: Options, terminal: Terminal) {
  const ports = await composeFleet(options, terminal);
  return { ...ports, ...(await composeShown(ports.config, terminal)) };
}

/** They are a display: what lands is deployed whether the code host shows it or not, so one that fails is only told of. */
async function composeShown({ github }: Config, terminal: Terminal): Promise<Shown> {
  try {
    const host = await composeCodeHost(terminal, github);
    return { deployments: host?.deployments ?? null, moments: host?.moments ?? null };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    terminal.err.write(`no deployment is shown: ${thrown.problems.map((problem) => formatProblem(problem)).join('\n')}\n`);
    return { deployments: null, moments: null };
  }
}

type Shown = { deployments: Deployments | null; moments: Moments | null };

async function configAt(repository: ModelRepository, ref: string): Promise<Config> {
  return readConfig((await repository.readFile(await repository.resolve(ref), configFile)) ?? '');
}

/**
 * Of the fleet repository, where it is on the GitHub that we know; null elsewhere. It is opened when a pull request is: most
 * releases land as commits, and need nobody to sign in.
 */
function fleetPullRequests({ deploy, github }: Config, { env }: Terminal): DeployPorts['pullRequests'] {
  if (deploy === null || !isOnGithub(env, deploy.repository)) return null;
  return {
    propose: async (proposal) => {
      const { openGithub } = await import('#codehost/adapters');
      const place = fleetPlace(env, github.appId, deploy.repository);
      return await (await openGithub({ ...place, environment: env })).pullRequests.propose(proposal);
    },
  };
}
