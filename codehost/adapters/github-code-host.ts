import type { CodeHost } from '../code-host.ts';
import type { PictureStore } from '../picture-store.ts';
import type { AppPermissions, RepositorySettings } from '../repository-settings.ts';
import { branchPictures } from './github/branch-pictures.ts';
import { githubCheckRuns } from './github/check-runs.ts';
import { installedPermissions, openClient, type AppCredentials, type ClientOptions } from './github/client.ts';
import { githubCollaborators } from './github/collaborators.ts';
import { githubComments } from './github/comments.ts';
import { githubDeployments } from './github/deployments.ts';
import { explained } from './github/explain.ts';
import { githubIssues } from './github/issues.ts';
import { githubMoments } from './github/moments.ts';
import { githubPullRequests } from './github/pull-requests.ts';
import { githubSettings } from './github/settings.ts';

/** GitHub and GitHub Enterprise Server, through their REST API. */
export async function openGithub(options: ClientOptions): Promise<CodeHost> {
  const client = await explained('find the installation of the App', () => openClient(options));
  return {
    pullRequests: githubPullRequests(client),
    checks: githubCheckRuns(client),
    comments: githubComments(client),
    collaborators: githubCollaborators(client),
    issues: githubIssues(client),
    deployments: githubDeployments(client),
    moments: githubMoments(client),
  };
}

/** Pictures on a branch of the repository itself. */
export async function openGithubPictures(options: ClientOptions & { webUrl: string }): Promise<PictureStore> {
  const client = await explained('find the installation of the App', () => openClient(options));
  return branchPictures(client, options);
}

/** How a repository is set up; it reads, and may do so with a token that can do nothing else. */
export async function openGithubSettings(options: ClientOptions): Promise<RepositorySettings> {
  const client = await explained('find the installation of the App', () => openClient(options));
  return githubSettings(client);
}

/** Null where the App is not installed on the repository. */
export async function readAppPermissions(
  options: ClientOptions & { credentials: AppCredentials },
): Promise<AppPermissions | null> {
  return await explained('look at the installation of the App', () => installedPermissions(options));
}
