import { CouldNotRun } from '#kernel';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where and as whom we publish, as a job on GitHub finds it in its environment. */
export type GithubPlace = {
  apiUrl: string;
  webUrl: string;
  repository: { owner: string; name: string };
  credentials: { kind: 'app'; appId: number; privateKey: string; installation: number | null } | { kind: 'token'; token: string };
};

/**
 * Reads `GITHUB_REPOSITORY`, `GITHUB_API_URL` and `GITHUB_SERVER_URL`, and for credentials first the App's
 * (`FIELDPROOF_APP_ID`, `FIELDPROOF_APP_PRIVATE_KEY`, `FIELDPROOF_APP_INSTALLATION_ID`), then `GITHUB_TOKEN`.
 * @param appId the App that policy asks for; null where a token may do
 * @returns null where there is no repository or nothing to sign in with
 * @throws CouldNotRun when what is there contradicts itself or the policy
 */
export function githubPlace(env: Environment, appId: number | null): GithubPlace | null {
  const written = env['GITHUB_REPOSITORY'] ?? '';
  if (written === '') return null;
  const [owner = '', name = '', ...rest] = written.split('/');
  if (owner === '' || name === '' || rest.length > 0)
    throw wrong('GITHUB_REPOSITORY', `is ${JSON.stringify(written)}`, 'write owner/name');
  const credentials = appCredentials(env) ?? tokenCredentials(env);
  if (appId !== null && !(credentials?.kind === 'app' && credentials.appId === appId)) throw notTheApp(appId, credentials);
  if (credentials === null) return null;
  return {
    apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    webUrl: webUrlOf(env),
    repository: { owner, name },
    credentials,
  };
}

function webUrlOf(env: Environment): string {
  return (env['GITHUB_SERVER_URL'] ?? 'https://github.com').replace(/\/+$/, '');
}

/** Whether a fleet repository's URL is one of the GitHub that this job runs on. */
export function isOnGithub(env: Environment, repository: string): boolean {
  return (env['GITHUB_REPOSITORY'] ?? '') !== '' && repositoryOn(webUrlOf(env), repository) !== null;
}

/**
 * The fleet repository, with `FIELDPROOF_FLEET_TOKEN` where that is set: a job's own token reaches its own repository alone.
 * @throws CouldNotRun when there is nothing to sign in with, or as githubPlace does
 */
export function fleetPlace(env: Environment, appId: number | null, url: string): GithubPlace {
  const token = env['FIELDPROOF_FLEET_TOKEN'] ?? '';
  const own = token === '' ? githubPlace(env, appId) : githubPlace({ ...env, ...NO_APP, GITHUB_TOKEN: token }, null);
  const repository = repositoryOn(webUrlOf(env), url);
  if (own !== null && repository !== null) return { ...own, repository };
  throw wrong(
    'FIELDPROOF_FLEET_TOKEN',
    'is not set, nor is anything else to sign in with',
    `set it to a token that may open pull requests in ${url}`,
  );
}

export const NO_APP = { FIELDPROOF_APP_ID: undefined, FIELDPROOF_APP_PRIVATE_KEY: undefined };

/** `https://host/owner/name.git`, `ssh://git@host/owner/name` and `git@host:owner/name.git` alike. */
export function repositoryOn(webUrl: string, url: string): GithubPlace['repository'] | null {
  const short = /^[\w.-]+@([\w.-]+):([\w.-]+\/[\w.-]+)$/.exec(url);
  const full = short === null ? url : `ssh://${short[1]}/${short[2]}`;
  if (!URL.canParse(full) || new URL(full).hostname !== new URL(webUrl).hostname) return null;
  const [owner = '', name = '', ...rest] = new URL(full).pathname.replace(/^\/|\/$/g, '').split('/');
  const bare = name.replace(/\.git$/, '');
  return owner === '' || bare === '' || rest.length > 0 ? null : { owner, name: bare };
}

/** As every S3 client reads them. @throws CouldNotRun when they are not there */
export function bucketCredentials(env: Environment): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } {
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const remedy = 'set it to a key that may write to the bucket, or name no bucket under github.pictures and github.report';
    throw wrong('AWS_ACCESS_KEY_ID', 'or AWS_SECRET_ACCESS_KEY is not set, but policy names a bucket', remedy);
  }
  const sessionToken = env['AWS_SESSION_TOKEN'];
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function appCredentials(env: Environment): GithubPlace['credentials'] | null {
  const [id, key] = [env['FIELDPROOF_APP_ID'] ?? '', env['FIELDPROOF_APP_PRIVATE_KEY'] ?? ''];
  if (id === '' && key === '') return null;
  if (id === '') throw wrong('FIELDPROOF_APP_ID', 'is not set, but its private key is', 'set both, or neither');
  if (key === '') throw wrong('FIELDPROOF_APP_PRIVATE_KEY', 'is not set, but the id of the App is', 'set both, or neither');
  const installation = env['FIELDPROOF_APP_INSTALLATION_ID'] ?? '';
  return {
    kind: 'app',
    appId: whole('FIELDPROOF_APP_ID', id),
    // A secret that went through one line of a shell has its line ends written out.
    privateKey: key.replaceAll('\\n', '\n'),
    installation: installation === '' ? null : whole('FIELDPROOF_APP_INSTALLATION_ID', installation),
  };
}

function tokenCredentials(env: Environment): GithubPlace['credentials'] | null {
  const token = env['GITHUB_TOKEN'] ?? '';
  return token === '' ? null : { kind: 'token', token };
}

function whole(field: string, text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw wrong(field, 'is not a number', 'copy it from the settings of the App');
  return Number(text);
}

function notTheApp(appId: number, credentials: GithubPlace['credentials'] | null): CouldNotRun {
  const given = credentials === null ? 'nothing' : credentials.kind === 'token' ? 'a token' : `App ${credentials.appId}`;
  const remedy = `set FIELDPROOF_APP_ID and FIELDPROOF_APP_PRIVATE_KEY to App ${appId}'s, or change github.app-id`;
  return wrong('github.app-id', `asks for App ${appId}, but ${given} was given`, remedy);
}

function wrong(field: string, message: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: 'environment', field, message, remedy });
}
