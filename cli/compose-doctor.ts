import { CouldNotRun, systemClock } from '#kernel';
import { fleetPlace, isOnGithub, readingPlace, repositoryOn, seen, type Looked, type AppPermissions } from '#codehost';
import { remoteDefaultBranch, remoteUrl, tryPush, type Repository } from '#git/adapters';
import { dockerCredentials } from '#images/adapters';
import { KubeconfigFiles } from '#kubernetes/adapters';
import type { ClusterContexts, DoctorPorts, FleetAccess, FleetLook } from '#pipelines/doctor';
import { isUrl } from './compose-fleet-repository.ts';
import { open } from './compose-repository.ts';
import { readWorkflowTemplate } from './compose-tree.ts';
import { workflowNames } from './init/workflow-files.ts';
import type { Terminal } from './terminal.ts';

type Place = NonNullable<ReturnType<typeof readingPlace>>;

/** Null where nothing names a repository on GitHub, or there is nothing to sign in with. */
export async function composeDoctor(repo: string, terminal: Terminal): Promise<DoctorPorts | null> {
  const { env } = terminal;
  const repository = await open(repo, terminal);
  const place = readingPlace(env, await remoteUrl(repository, 'origin'));
  if (place === null) return null;
  const { openGithubSettings } = await import('#codehost/adapters');
  const credentials = dockerCredentials(env);
  return {
    settings: await openGithubSettings({ ...place.place, environment: env }),
    app: () => appPermissions(place, terminal),
    fleet: fleetAccess(place, repository, terminal),
    clusters: clusterContexts(terminal),
    isLoggedIn: (host) => credentials(host) !== undefined,
    templates: await readTemplates(),
    onGithubCom: place.onGithubCom,
    clock: systemClock,
  };
}

/** The default branch of where a clone came from; null where nothing here says it. */
export async function clonedBranch(repo: string, terminal: Terminal): Promise<string | null> {
  try {
    return (await remoteDefaultBranch(await open(repo, terminal), 'origin')) ?? null;
  } catch (thrown) {
    // A folder that is no repository yet came from nowhere.
    if (thrown instanceof CouldNotRun) return null;
    throw thrown;
  }
}

async function appPermissions({ app }: Place, { env }: Terminal): Promise<Looked<AppPermissions | null>> {
  if (app === null || app.credentials.kind !== 'app') return { state: 'unseen', needs: "the App's key" };
  const { readAppPermissions } = await import('#codehost/adapters');
  return seen(await readAppPermissions({ ...app, credentials: app.credentials, environment: env }));
}

function fleetAccess({ place }: Place, repository: Repository, { env }: Terminal): FleetAccess {
  const { owner, name } = place.repository;
  const here = { ...env, GITHUB_REPOSITORY: `${owner}/${name}` };
  return {
    look: async (location) => {
      if (!isUrl(location)) return { kind: 'folder' };
      const its = repositoryOn(place.webUrl, location);
      if (its?.owner === owner && its.name === name) return { kind: 'own' };
      const token = env['FIELDPROOF_FLEET_TOKEN'] ?? '';
      if (token !== '' && isOnGithub(here, location)) return await askGithub(location, here);
      if (/^https?:/.test(location)) return { kind: 'unseen', needs: 'the token itself (FIELDPROOF_FLEET_TOKEN)' };
      return await tryGit(location, repository);
    },
  };
}

async function askGithub(location: string, env: Terminal['env']): Promise<FleetLook> {
  const { openGithubSettings } = await import('#codehost/adapters');
  try {
    const settings = await openGithubSettings({ ...fleetPlace(env, null, location), environment: env });
    const { mayPush } = await settings.overview();
    if (mayPush === null) return { kind: 'unseen', needs: 'a token of which GitHub says what it may do' };
    return mayPush ? { kind: 'writable', by: 'token' } : { kind: 'refused', by: 'token', says: 'it may read alone' };
  } catch (thrown) {
    return { kind: 'refused', by: 'token', says: saidBy(thrown) };
  }
}

async function tryGit(location: string, repository: Repository): Promise<FleetLook> {
  try {
    await tryPush(repository, location, 'fieldproof/doctor');
    return { kind: 'writable', by: 'git' };
  } catch (thrown) {
    return { kind: 'refused', by: 'git', says: saidBy(thrown) };
  }
}

/** What kept it from being looked at; any other error is a fault. */
function saidBy(thrown: unknown): string {
  const problem = thrown instanceof CouldNotRun ? thrown.problems[0] : undefined;
  if (problem === undefined) throw thrown;
  return problem.message;
}

function clusterContexts({ env }: Terminal): ClusterContexts {
  const kubeconfig = new KubeconfigFiles(env);
  return {
    look: (context) => {
      if (!kubeconfig.isThere) return 'no kubeconfig';
      return kubeconfig.has(context) ? 'there' : 'absent';
    },
  };
}

async function readTemplates(): Promise<DoctorPorts['templates']> {
  const names = new Set([true, false].flatMap((forks) => workflowNames({ forks })));
  return await Promise.all([...names].map(async (name) => ({ path: name, text: await readWorkflowTemplate(name) })));
}
