import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { CouldNotRun, reasonOf, withoutSecrets } from '#kernel';
import type { Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { DebianPackage } from '../../runtime-lock.ts';
import type { Environment } from './npm-tarballs.ts';

/**
 * Where Debian's packages are, now and later: a release that is closed moves from the first to the second as it is, and the
 * third keeps all that ever was.
 */
const ARCHIVES = [
  'https://deb.debian.org/debian',
  'https://archive.debian.org/debian',
  'https://snapshot.debian.org/archive/debian/20260801T000000Z',
];
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_WAIT = 60_000;

/**
 * The bytes of a Debian package, from the first archive that has them.
 * @param environment FIELDPROOF_DEBIAN_MIRROR names an archive that is asked before all others
 * @throws CouldNotRun when no archive has it, telling what each said
 */
export async function fetchDebianPackage(
  wanted: Pick<DebianPackage, 'path' | 'sha256'>,
  environment: Environment,
  signal?: AbortSignal,
): Promise<Buffer> {
  const mirror = environment['FIELDPROOF_DEBIAN_MIRROR'];
  const { EnvHttpProxyAgent: Agent } = await import('undici');
  const dispatcher = new Agent(proxiesOf(environment));
  const refusals: string[] = [];
  try {
    for (const archive of mirror === undefined ? ARCHIVES : [mirror, ...ARCHIVES]) {
      const url = `${archive.replace(/\/$/, '')}/${wanted.path}`;
      const answer = await download(url, dispatcher, signal);
      if (typeof answer === 'string') refusals.push(`${url}: ${answer}`);
      else if (createHash('sha256').update(answer).digest('hex') === wanted.sha256) return answer;
      else refusals.push(`${url}: other bytes than images/runtime-lock.json pins`);
    }
  } finally {
    await dispatcher.destroy();
  }
  throw new CouldNotRun({
    file: 'the stock runtime',
    message: `no archive has ${wanted.path}: ${withoutSecrets(refusals.join('; '))}`,
    remedy: remedyFor(refusals),
  });
}

function remedyFor(refusals: readonly string[]): string {
  const remedy = 'see that this machine reaches one of them, or name one that it does: FIELDPROOF_DEBIAN_MIRROR=https://...';
  // A network that looks into what it carries signs for everybody, with a certificate that Node has not been told of.
  const isSignedByTheNetwork = refusals.some((refusal) =>
    /self-signed certificate|issuer certificate|first certificate/.test(refusal),
  );
  return isSignedByTheNetwork ? `${remedy}; where the network signs for others, NODE_EXTRA_CA_CERTS=<its certificates>` : remedy;
}

/** A text is why there are none. */
async function download(url: string, dispatcher: Dispatcher, signal?: AbortSignal): Promise<Buffer | string> {
  try {
    const options = { dispatcher, headersTimeout: LONGEST_WAIT, bodyTimeout: LONGEST_WAIT, signal: signal ?? null };
    const { request } = await import('undici');
    const { statusCode, body } = await request(url, options);
    if (statusCode !== 200) {
      await body.dump();
      return `it answered ${statusCode}`;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_BYTES) return `more than ${MOST_BYTES} bytes`;
    }
    return Buffer.concat(chunks);
  } catch (error) {
    signal?.throwIfAborted();
    return reasonOf(error);
  }
}

function proxiesOf(environment: Environment): EnvHttpProxyAgent.Options {
  const named = (name: string) => environment[name] ?? environment[name.toUpperCase()] ?? '';
  return { httpProxy: named('http_proxy'), httpsProxy: named('https_proxy'), noProxy: named('no_proxy') };
}

/**
 * The tar of a package's files: a .deb is an `ar` of three members (deb(5)), the last of which is a tar that is packed by xz.
 * @throws RangeError when it is none
 */
export async function dataOfDebianPackage(bytes: Buffer): Promise<AsyncIterable<Uint8Array>> {
  const member = membersOf(bytes).find(({ name }) => name === 'data.tar.xz');
  if (member === undefined) throw new RangeError('no Debian package with a data.tar.xz');
  const { default: xz } = await import('xz-decompress');
  const packed = Readable.toWeb(Readable.from([member.content]));
  return Readable.fromWeb(new xz.XzReadableStream(packed));
}

/** Members of an `ar` archive: a header of 60 bytes with the name first and the size from byte 48, contents to an even length. */
function membersOf(bytes: Buffer): { name: string; content: Buffer }[] {
  if (bytes.toString('latin1', 0, 8) !== '!<arch>\n') throw new RangeError('no ar archive');
  const members: { name: string; content: Buffer }[] = [];
  for (let offset = 8; offset + 60 <= bytes.length;) {
    const name = bytes
      .toString('latin1', offset, offset + 16)
      .trimEnd()
      .replace(/\/$/, '');
    const size = Number(bytes.toString('latin1', offset + 48, offset + 58).trimEnd());
    if (!Number.isInteger(size) || size < 0) throw new RangeError('a damaged ar archive');
    members.push({ name, content: bytes.subarray(offset + 60, offset + 60 + size) });
    offset += 60 + size + (size % 2);
  }
  return members;
}
