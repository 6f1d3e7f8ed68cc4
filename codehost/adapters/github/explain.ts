import { CouldNotRun, reasonOf } from '#kernel';
import { failureOf, Limited } from './client.ts';

/** `needs`: the permission that it takes, as GitHub names it, for answers that name none. */
export type Doing = string | { what: string; needs: string };

/**
 * Turns what GitHub refused into a problem with a remedy. Messages of the API are shown, its requests are not: they hold
 * what was sent.
 */
export async function explained<T>(doing: Doing, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) throw thrown;
    const { what, needs } = typeof doing === 'string' ? { what: doing, needs: undefined } : doing;
    throw new CouldNotRun({
      file: 'GitHub',
      message: `could not ${what}: ${messageOf(thrown)}`,
      remedy: remedyFor(thrown, needs),
    });
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Limited) return thrown.message;
  const { status, message } = failureOf(thrown);
  if (Number.isNaN(status)) return reasonOf(thrown);
  const [first = ''] = message.split(' - https://docs.github.com');
  return status === 0 ? `no answer (${first})` : `${status} ${first}`;
}

function remedyFor(thrown: unknown, needs?: string): string {
  if (thrown instanceof Limited) return `run again after ${new Date(thrown.until).toISOString()}: what is there is found again`;
  const { status, message } = failureOf(thrown);
  if (status === 401) return 'give a token or an App key that is still valid';
  if (status === 403 && NO_PULL_REQUESTS.test(message)) return ALLOW_PULL_REQUESTS;
  if (status === 403) return permissionRemedy(permissionOf(thrown) ?? needs);
  if (status === 404) return 'check owner and name of the repository, and that the token or the App may see it';
  if (status === 422)
    return 'GitHub takes it otherwise than is documented, or the branch or commit is not there: look at its message';
  return 'run again: what is there already is found and not made twice';
}

/** GitHub's words to a job whose every permission is in order. */
const NO_PULL_REQUESTS = /not permitted to create or approve pull requests/i;
const ALLOW_PULL_REQUESTS =
  'switch on Settings > Actions > General > Workflow permissions > "Allow GitHub Actions to create and approve pull requests" ' +
  '(where it is grey, in the settings of the organisation), or publish as an App (github.app-id)';

function permissionRemedy(needs: string | undefined): string {
  const permission = needs === undefined ? 'the permission for this' : `the permission "${needs}"`;
  return (
    `give it ${permission}: an App in its settings under Permissions & events, which each installation then has to accept; ` +
    "a job's token under `permissions:` of its workflow. Checks are written by Apps and job tokens only"
  );
}

/** The permission that GitHub says a refused request takes: `checks: write`. Undefined where it does not say. */
export function permissionOf(thrown: unknown): string | undefined {
  const accepted = failureOf(thrown).headers['x-accepted-github-permissions'];
  // Alternatives stand between semicolons, what is needed together between commas.
  const [first = ''] = String(accepted ?? '').split(';');
  const named = first.split(',').flatMap((each) => /^\s*(\w+)=(\w+)\s*$/.exec(each)?.slice(1, 3).join(': ') ?? []);
  return named.length === 0 ? undefined : named.join(', ');
}
