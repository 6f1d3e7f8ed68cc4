import { CouldNotRun, reasonOf } from '#kernel';
import { failureOf, Limited } from './client.ts';

/**
 * Turns what GitHub refused into a problem with a remedy. Messages of the API are shown, its requests are not: they hold
 * what was sent.
 */
export async function explained<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) throw thrown;
    throw new CouldNotRun({ file: 'GitHub', message: `could not ${doing}: ${messageOf(thrown)}`, remedy: remedyFor(thrown) });
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Limited) return thrown.message;
  const { status, message } = failureOf(thrown);
  if (Number.isNaN(status)) return reasonOf(thrown);
  const [first = ''] = message.split(' - https://docs.github.com');
  return status === 0 ? `no answer (${first})` : `${status} ${first}`;
}

function remedyFor(thrown: unknown): string {
  if (thrown instanceof Limited) return `run again after ${new Date(thrown.until).toISOString()}: what is there is found again`;
  const { status } = failureOf(thrown);
  if (status === 401) return 'give a token or an App key that is still valid';
  if (status === 403)
    return 'give it the permission: checks, pull-requests, issues and deployments: write; checks are written by Apps and job tokens only';
  if (status === 404) return 'check owner and name of the repository, and that the token or the App may see it';
  if (status === 422)
    return 'GitHub takes it otherwise than is documented, or the branch or commit is not there: look at its message';
  return 'run again: what is there already is found and not made twice';
}
