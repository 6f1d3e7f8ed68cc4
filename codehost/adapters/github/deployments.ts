import type { DeploymentState, Deployments } from '../../code-host.ts';
import { findOrMake, type Client } from './client.ts';
import { explained } from './explain.ts';

/** By it ours are told from other deployments to an environment of the same name. */
const TASK = 'fieldproof';
/** GitHub's, for the description of a state. */
const LONGEST = 140;

type Deployment = Parameters<Deployments['record']>[0];

export function githubDeployments(client: Client): Deployments {
  return {
    record: async (deployment) =>
      await explained({ what: `record the deployment to ${deployment.environment}`, needs: 'deployments: write' }, async () => {
        const { it: id } = await findOrMake(client, {
          find: () => findDeployment(client, deployment),
          make: () => makeDeployment(client, deployment),
        });
        await findOrMake(client, {
          find: () => findState(client, id, deployment.state),
          make: () => makeState(client, id, deployment),
        });
        return { id };
      }),
  };
}

async function findDeployment({ octokit, repo }: Client, { commit, environment }: Deployment): Promise<number | null> {
  const query = { ...repo, sha: commit, environment, task: TASK, per_page: 100 };
  const found = await octokit.paginate(octokit.rest.repos.listDeployments, query);
  return found.map(({ id }) => id).toSorted((a, b) => b - a)[0] ?? null;
}

async function makeDeployment({ octokit, repo }: Client, { commit, environment, description }: Deployment): Promise<number> {
  const { data } = await octokit.rest.repos.createDeployment({
    ...repo,
    ref: commit,
    task: TASK,
    environment,
    description: cut(description),
    auto_merge: false,
    // What must hold before a deployment is the verdict's business, and it was held to it.
    required_contexts: [],
  });
  if (!('id' in data)) throw new Error(data.message ?? 'GitHub made no deployment');
  return data.id;
}

/** The latest alone: a state may come again after another. */
async function findState({ octokit, repo }: Client, id: number, wanted: DeploymentState): Promise<number | null> {
  const query = { ...repo, deployment_id: id, per_page: 100 };
  const states = await octokit.paginate(octokit.rest.repos.listDeploymentStatuses, query);
  const latest = states.toSorted((a, b) => b.id - a.id)[0];
  return latest?.state === wanted ? latest.id : null;
}

async function makeState({ octokit, repo }: Client, id: number, { state, description, url }: Deployment): Promise<number> {
  const { data } = await octokit.rest.repos.createDeploymentStatus({
    ...repo,
    deployment_id: id,
    state,
    description: cut(description),
    ...(url === null ? {} : { log_url: url }),
  });
  return data.id;
}

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`;
}
