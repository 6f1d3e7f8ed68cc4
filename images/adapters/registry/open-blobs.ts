import { CouldNotRun, type Digest, type Place } from '#kernel';
import { parseReference } from '../../reference.ts';
import { RegistrySession, type Credentials } from './registry-session.ts';

type Asked = { digest: Digest; at: Place };

/**
 * Files that an artifact keeps as blobs, as `oras push` makes them: each is asked for by its own digest, so that no tag has to be
 * believed. Shaped as an `Opener` of transfer.
 * @param image its name, without tag or digest
 */
export function openBlobs(
  image: string,
  credentials: (host: string) => Credentials | undefined,
): (wanted: Asked, from: number) => Promise<{ body: AsyncIterable<Uint8Array>; from: number }> {
  const reference = parseReference(image);
  const session = new RegistrySession(reference, credentials(reference.host));
  return async ({ digest, at }, from) => {
    const path = `/v2/${reference.repository}/blobs/${digest}`;
    const headers = from > 0 ? { range: `bytes=${from}-` } : undefined;
    const call = { method: 'GET' as const, path, expect: [200, 206, 404, 416], ...(headers && { headers }) };
    const answer = await session.call(call).catch((thrown: unknown) => {
      throw placed(thrown, at);
    });
    if (answer.statusCode === 404) {
      await answer.body.dump();
      const remedy = `push it: oras push ${image}:<tag> <files>`;
      throw new CouldNotRun({ ...at, message: `${image} has no blob ${digest}`, remedy });
    }
    if (answer.statusCode === 416) {
      await answer.body.dump();
      return { body: nothing(), from };
    }
    return { body: whole(answer.body, at, image), from: answer.statusCode === 206 ? from : 0 };
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* whole(body: AsyncIterable<Uint8Array>, at: Place, image: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    const remedy = 'check the address and the network, and run again: what has come is kept';
    throw new CouldNotRun({ ...at, message: `${image} broke off`, remedy }, { cause });
  }
}

/** What a registry says of itself, told where it is asked for. */
function placed(thrown: unknown, at: Place): unknown {
  if (!(thrown instanceof CouldNotRun)) return thrown;
  const problems = thrown.problems.map(({ file, message, remedy }) => ({ ...at, message: `${file}: ${message}`, remedy }));
  return new CouldNotRun(problems, { cause: thrown.cause });
}
