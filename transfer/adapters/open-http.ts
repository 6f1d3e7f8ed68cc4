import { named, refused, unreachable } from '../faults.ts';
import type { Address, Opener, Wanted } from '../wanted.ts';
import type { HttpClient } from './http-client.ts';

/** Asks for a file over HTTP, from the middle where a part of it is here. Headers are for that address, and go to no other host. */
export function openHttp(client: HttpClient, addressOf: (wanted: Wanted) => Address): Opener {
  return async (wanted, from) => {
    const { url, headers } = addressOf(wanted);
    const place = placeOf(url);
    const range = from > 0 ? { range: `bytes=${from}-` } : {};
    const answer = await client(url, { headers: { ...headers, 'accept-encoding': 'identity', ...range } }).catch(
      (cause: unknown) => {
        throw unreachable(wanted, place, cause);
      },
    );
    if (answer.status === 416) return { body: nothing(), from };
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      throw refused(wanted, place, answer.status);
    }
    return { body: named(answer.body, wanted, place), from: answer.status === 206 ? from : 0 };
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Of an address no more than its host and path: what follows is often signed, and as good as a password. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
