import { seen, type Looked, type RepositorySettings, type Runner } from '../../repository-settings.ts';
import { branchRules } from './branch-rules.ts';
import { once, type Client } from './client.ts';
import { explained } from './explain.ts';
import { listFiles, readFile } from './files.ts';
import { look } from './look.ts';

/** Settings of a repository on GitHub, each read under the one permission that GitHub asks for it. */
export function githubSettings(client: Client): RepositorySettings {
  const { octokit, repo } = client;
  const repository = once(async () => {
    return await explained('look at the repository', async () => (await octokit.rest.repos.get(repo)).data);
  });
  return {
    overview: async () => {
      const { full_name: name, default_branch: defaultBranch, permissions } = await repository();
      return { name, defaultBranch, mayPush: permissions?.push ?? null };
    },
    files: async (branch) => await listFiles(client, branch),
    read: async (branch, path) => await readFile(client, branch, path),
    branchRules: async (branch) => await branchRules(client, branch),
    jobsMayOpenPullRequests: async () =>
      await look('administration: read', async () => {
        const { data } = await octokit.rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository(repo);
        return data.can_approve_pull_request_reviews;
      }),
    ...namesAndValues(client, async () => (await repository()).owner.type === 'Organization'),
    ...machines(client, async () => (await repository()).owner.type === 'Organization'),
  };
}

/** GitHub gives the names of secrets to nobody but whoever may read secrets, and their values to nobody. */
function namesAndValues(
  { octokit, repo }: Client,
  hasOrganisation: () => Promise<boolean>,
): Pick<RepositorySettings, 'environments' | 'secretNames' | 'environmentSecretNames' | 'variables'> {
  const { actions, repos } = octokit.rest;
  const query = { ...repo, per_page: 100 };
  return {
    environments: async () =>
      await look('actions: read', async () => {
        const { data } = await repos.getAllEnvironments(query);
        return (data.environments ?? []).map(({ name, protection_rules = [] }) => ({
          name,
          hasReviewers: protection_rules.some(({ type }) => type === 'required_reviewers'),
        }));
      }),
    secretNames: async () =>
      await look('secrets: read', async () => {
        const own = await octokit.paginate(actions.listRepoSecrets, query);
        const shared = (await hasOrganisation()) ? await octokit.paginate(actions.listRepoOrganizationSecrets, query) : [];
        return [...own, ...shared].map(({ name }) => name);
      }),
    environmentSecretNames: async (environment) =>
      await look('environments: read', async () => {
        const secrets = await octokit.paginate(actions.listEnvironmentSecrets, { ...query, environment_name: environment });
        return secrets.map(({ name }) => name);
      }),
    variables: async () =>
      await look('variables: read', async () => {
        const thirty = { ...repo, per_page: 30 };
        const own = await octokit.paginate(actions.listRepoVariables, thirty);
        const shared = (await hasOrganisation()) ? await octokit.paginate(actions.listRepoOrganizationVariables, thirty) : [];
        // The repository's own come last: they win over those of the organisation.
        return Object.fromEntries([...shared, ...own].map(({ name, value }) => [name, value]));
      }),
  };
}

function machines(
  { octokit, repo }: Client,
  hasOrganisation: () => Promise<boolean>,
): Pick<RepositorySettings, 'runners' | 'organisationRunners'> {
  const { actions } = octokit.rest;
  return {
    runners: async () =>
      await look('administration: read', async () => {
        return asRunners(await octokit.paginate(actions.listSelfHostedRunnersForRepo, { ...repo, per_page: 100 }));
      }),
    organisationRunners: async (): Promise<Looked<readonly Runner[]>> => {
      if (!(await hasOrganisation())) return seen([]);
      return await look("the organisation's self-hosted runners: read", async () => {
        return asRunners(await octokit.paginate(actions.listSelfHostedRunnersForOrg, { org: repo.owner, per_page: 100 }));
      });
    },
  };
}

function asRunners(listed: readonly { name: string; status: string; labels: readonly { name: string }[] }[]): Runner[] {
  return listed.map(({ name, status, labels }) => ({
    name,
    labels: labels.map((label) => label.name),
    online: status === 'online',
  }));
}
