import { githubPlace, NO_APP, repositoryOn, type Environment, type GithubPlace } from './github-environment.ts';

/** Where settings are read, and as whom: whoever's token is there, else the App. `app`: the App itself, where its key is there. */
export type ReadingPlace = { place: GithubPlace; app: GithubPlace | null; onGithubCom: boolean };

/**
 * As githubPlace, for whoever sits before a clone: what names the repository is `GITHUB_REPOSITORY`, else where the clone came from.
 * @returns null where nothing names a repository on GitHub, or there is nothing to sign in with
 */
export function readingPlace(env: Environment, origin: string | undefined): ReadingPlace | null {
  const web = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const cloned = origin === undefined ? null : repositoryOn(web, origin);
  const named = env['GITHUB_REPOSITORY'] ?? (cloned === null ? '' : `${cloned.owner}/${cloned.name}`);
  const here = { ...env, GITHUB_REPOSITORY: named };
  const byApp = githubPlace({ ...here, GITHUB_TOKEN: undefined }, null);
  const place = githubPlace({ ...here, ...NO_APP }, null) ?? byApp;
  if (place === null) return null;
  return { place, app: byApp, onGithubCom: /^(?:github\.com|[\w-]+\.ghe\.com)$/.test(new URL(place.webUrl).hostname) };
}
