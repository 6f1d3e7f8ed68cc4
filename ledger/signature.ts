import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson, CouldNotRun, digestOf, type Digest } from '#kernel';
import type { Link } from './ledger.ts';

export type Unsigned = Omit<Link, 'signature'>;

export type Signer = { key: Digest; sign(link: Unsigned): string };

/** Public keys by their ids. */
export type KnownKeys = ReadonlyMap<Digest, KeyObject>;

/** @param file how messages name it @throws CouldNotRun when it is not an Ed25519 private key in PEM */
export function readSigningKey(pem: string, file: string): { signer: Signer; publicKey: KeyObject } {
  const secret = parseKey(pem, file, 'private', createPrivateKey);
  const publicKey = createPublicKey(secret);
  const signer: Signer = { key: keyId(publicKey), sign: (link) => sign(null, signedBytes(link), secret).toString('base64') };
  return { signer, publicKey };
}

/** @throws CouldNotRun when it is not an Ed25519 public key in PEM */
export function readPublicKey(pem: string, file: string): KeyObject {
  return parseKey(pem, file, 'public', createPublicKey);
}

export function knownKeys(keys: readonly KeyObject[]): KnownKeys {
  return new Map(keys.map((key) => [keyId(key), key]));
}

export function isSignedBy(link: Unsigned, value: string, key: KeyObject): boolean {
  const bytes = Buffer.from(value, 'base64');
  // Base64 leaves bits unused at its end: only one spelling of a signature may pass.
  return bytes.toString('base64') === value && verify(null, signedBytes(link), key, bytes);
}

export function keyId(publicKey: KeyObject): Digest {
  return digestOf(publicKey.export({ type: 'spki', format: 'der' }));
}

/** The first line keeps a signature made for another purpose from passing here. Links of before they were bound have the first. */
function signedBytes({ seq, previous, record, bound }: Unsigned): Buffer {
  const [version, said] = bound === undefined ? [1, { seq, previous, record }] : [2, { seq, previous, record, bound }];
  return Buffer.from(`fieldproof ledger link v${version}\n${canonicalJson(said)}`);
}

function parseKey(pem: string, file: string, kind: 'private' | 'public', read: (pem: string) => KeyObject): KeyObject {
  const remedy = 'make one with: openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout';
  try {
    const key = read(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new CouldNotRun({ file, message: `not a ${kind} key in PEM`, remedy }, { cause });
  }
  throw new CouldNotRun({ file, message: 'not an Ed25519 key', remedy });
}
