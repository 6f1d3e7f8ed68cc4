import { App, Octokit, RequestError } from 'octokit';
import { faultPause, isUncertain, pauseAfter, type Failure, type Pause } from './patience.ts';
import { wholeFetch } from './whole-fetch.ts';

export type AppCredentials = { kind: 'app'; appId: number; privateKey: string; installation: number | null };

export type Credentials = AppCredentials | { kind: 'token'; token: string };

export type ClientOptions = {
  /** `https://api.github.com`, or `https://<host>/api/v3` on GitHub Enterprise Server. */
  apiUrl: string;
  repository: { owner: string; name: string };
  credentials: Credentials;
  environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for a request and all of its answer. */
  timeout?: number;
  /** Whether writes are sent one a second, as GitHub asks of its clients. */
  paced?: boolean;
  sleep?: (milliseconds: number) => Promise<void>;
  now?: () => number;
};

/** Whom we write as: what we made is told by it from what others made under our name. */
export type Author = {
  login: string;
  /** Of the App; null for a person. */
  app: string | null;
};

export type Client = {
  octokit: Octokit;
  /** Owner and name, as every call takes them. */
  repo: { owner: string; repo: string };
  author: () => Promise<Author>;
  sleep: (milliseconds: number) => Promise<void>;
};

/** Thrown where GitHub asks to wait longer than a runner should. */
export class Limited extends Error {
  readonly until: number;
  constructor(until: number, cause: unknown) {
    super('the rate limit is used up', { cause });
    this.until = until;
  }
}

type Patience = { sleep: Client['sleep']; now: () => number };

export async function openClient(options: ClientOptions): Promise<Client> {
  const { sleep } = patienceOf(options);
  const { owner, name } = options.repository;
  const repo = { owner, repo: name };
  if (options.credentials.kind === 'token') {
    const Base = patientOctokit(options);
    const octokit = new Base({ auth: options.credentials.token });
    return { octokit, repo, author: once(() => viewer(octokit)), sleep };
  }
  const app = appOf(options, options.credentials);
  const id = options.credentials.installation ?? (await app.octokit.rest.apps.getRepoInstallation(repo)).data.id;
  const octokit = await app.getInstallationOctokit(id);
  return { octokit, repo, author: once(() => appAuthor(app.octokit)), sleep };
}

/** What the App may do in the repository: its own signature asks, for no installation is told. Null where it is not installed. */
export async function installedPermissions(
  options: ClientOptions & { credentials: AppCredentials },
): Promise<Readonly<Record<string, string>> | null> {
  const { repository, credentials } = options;
  const app = appOf(options, credentials);
  const query = { owner: repository.owner, repo: repository.name };
  try {
    return (await app.octokit.rest.apps.getRepoInstallation(query)).data.permissions;
  } catch (thrown) {
    if (failureOf(thrown).status === 404) return null;
    throw thrown;
  }
}

function appOf(options: ClientOptions, { appId, privateKey }: AppCredentials): App {
  return new App({ appId, privateKey, Octokit: patientOctokit(options) });
}

function patienceOf({ sleep, now }: ClientOptions): Patience {
  const wait = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));
  return { sleep: sleep ?? wait, now: now ?? Date.now };
}

function patientOctokit(options: ClientOptions): typeof Octokit {
  const { apiUrl, environment, timeout = 60_000, paced = true } = options;
  const patience = patienceOf(options);
  return Octokit.plugin((octokit) => {
    octokit.hook.wrap(
      'request',
      async (request, parameters) => await patiently(async () => await request(parameters), parameters, patience),
    );
    return {};
  }).defaults({
    baseUrl: apiUrl.replace(/\/+$/, ''),
    userAgent: 'fieldproof',
    request: { fetch: wholeFetch({ environment, timeout }) },
    // Only what paces: when to try again is decided in one place, which knows what may be sent twice.
    throttle: { enabled: paced, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: { enabled: false },
  });
}

type Parameters = { method: string; url: string; request?: Readonly<Record<string, unknown>> };

async function patiently<T>(send: () => Promise<T>, parameters: Parameters, { sleep, now }: Patience): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send();
    } catch (thrown) {
      const pause: Pause = pauseAfter(failureOf(thrown), attempt, now(), isRepeatable(parameters));
      if (!pause.again) throw pause.why === 'limited' ? new Limited(pause.until, thrown) : thrown;
      await sleep(pause.milliseconds);
    }
  }
}

/** What ends the same when it is sent twice. `once` marks updates that append, `repeatable` creations that do not. */
function isRepeatable({ method, url, request }: Parameters): boolean {
  if (request?.['once'] === true) return false;
  // A second token does no harm, and a question changes nothing.
  return request?.['repeatable'] === true || method !== 'POST' || /\/access_tokens$|\/graphql$/.test(url);
}

/** Any other error than a request's is nobody's answer, and never sent again. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof RequestError)) return { status: Number.NaN, message: String(thrown), headers: {} };
  const { message, response } = thrown;
  return { status: response?.status ?? 0, message, headers: response?.headers ?? {} };
}

/**
 * Finds, and makes what it does not find. Where nobody says whether it was made, it is looked for again before it is made
 * again: the request may have arrived though its answer did not.
 */
export async function findOrMake<T>(
  { sleep }: Pick<Client, 'sleep'>,
  { find, make }: { find: () => Promise<T | null>; make: () => Promise<T> },
): Promise<{ it: T; made: boolean }> {
  for (let attempt = 0; ; attempt += 1) {
    const found = await find();
    if (found !== null) return { it: found, made: attempt > 0 };
    try {
      return { it: await make(), made: true };
    } catch (thrown) {
      if (!isUncertain(failureOf(thrown)) || attempt >= 4) throw thrown;
      await sleep(faultPause(attempt));
    }
  }
}

/** The one query that persons' tokens and those of a workflow's job both may ask. */
async function viewer(octokit: Octokit): Promise<Author> {
  const { viewer: me } = await octokit.graphql<{ viewer: { login: string } }>('query { viewer { login } }');
  return { login: me.login, app: me.login.endsWith('[bot]') ? me.login.slice(0, -'[bot]'.length) : null };
}

async function appAuthor(octokit: Octokit): Promise<Author> {
  const { data } = await octokit.rest.apps.getAuthenticated();
  if (data?.slug === undefined) throw new Error('GitHub does not name the App of this key');
  return { login: `${data.slug}[bot]`, app: data.slug };
}

export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  const forget = (thrown: unknown): never => {
    asked = undefined;
    throw thrown;
  };
  return () => (asked ??= ask().catch(forget));
}
