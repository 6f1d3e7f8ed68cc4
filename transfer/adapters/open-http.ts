import { CouldNotRun, reasonOf } from '#kernel';
import type { Address, Opener, Wanted } from '../wanted.ts';
import type { HttpClient } from './http-client.ts';

/** Asks for a file over HTTP, from the middle where a part of it is here. Headers are for that address, and go to no other host. */
export function openHttp(client: HttpClient, addressOf: (wanted: Wanted) => Address): Opener {
  return async (wanted, from) => {
    const { url, headers } = addressOf(wanted);
    const range = from > 0 ? { range: `bytes=${from}-` } : {};
    const answer = await client(url, { headers: { ...headers, 'accept-encoding': 'identity', ...range } }).catch(
      (cause: unknown) => {
        throw new CouldNotRun(problemOf(wanted, url, `cannot be reached: ${rootReason(cause)}`, CHECK_NETWORK), { cause });
      },
    );
    if (answer.status === 416) return { body: nothing(), from };
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      throw refusal(wanted, url, answer.status);
    }
    return { body: named(answer.body, wanted, url), from: answer.status === 206 ? from : 0 };
  };
}

const CHECK_NETWORK = 'check the address and the network, and run again: what has come is kept';

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A connection that breaks has no name of its own. */
async function* named(body: AsyncIterable<Uint8Array>, wanted: Wanted, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new CouldNotRun(problemOf(wanted, url, `broke off: ${rootReason(cause)}`, CHECK_NETWORK), { cause });
  }
}

function refusal(wanted: Wanted, url: string, status: number): CouldNotRun {
  if (status === 404 || status === 410)
    return new CouldNotRun(problemOf(wanted, url, `is not there (${status})`, 'upload it, or correct where it is said to be'));
  if (status === 401 || status === 403)
    return new CouldNotRun(
      problemOf(wanted, url, `is not given to us (${status})`, 'give this job credentials that may read it'),
    );
  return new CouldNotRun(problemOf(wanted, url, `was answered with ${status}`, 'run again later: what has come is kept'));
}

/** Of an address no more than its host and path: what follows is often signed, and as good as a password. */
function problemOf({ display }: Wanted, url: string, message: string, remedy: string) {
  const { host, pathname } = new URL(url);
  return { file: display, message: `${host}${pathname} ${message}`, remedy };
}

function rootReason(thrown: unknown): string {
  return thrown instanceof Error && thrown.cause !== undefined ? rootReason(thrown.cause) : reasonOf(thrown);
}
