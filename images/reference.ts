import { CouldNotRun, isDigest, type Digest } from '#kernel';

/** A place in a registry. `origin` is where its protocol is spoken. */
export type Reference = { origin: string; host: string; repository: string; tag: string | null; digest: Digest | null };

const FORM = /^([\w.-]+(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127}))?(?:@(.+))?$/;

/**
 * `registry.example/acme/porch`, with a tag, a digest, both or neither. Encryption is left out for this very machine only.
 * @throws CouldNotRun when it is not such a reference
 */
export function parseReference(text: string): Reference {
  const [, host = '', repository = '', tag = null, digest = null] = FORM.exec(text) ?? [];
  const named = host.includes('.') || host.includes(':') || host === 'localhost';
  if (!named || repository === '' || (digest !== null && !isDigest(digest))) {
    throw new CouldNotRun({
      file: text,
      message: 'is not an image in a registry',
      remedy: 'write it with its host, such as registry.example/acme/porch or registry.example/acme/porch@sha256:...',
    });
  }
  const server = host === 'docker.io' ? 'registry-1.docker.io' : host;
  return { origin: `${isThisMachine(host) ? 'http' : 'https'}://${server}`, host, repository, tag, digest };
}

export function isThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
}

/** What a registry asks for in `WWW-Authenticate`. */
export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: string; service: string | null; scope: string | null }
  | { scheme: 'unknown' };

export function parseChallenge(header: string): Challenge {
  if (/^basic\b/i.test(header)) return { scheme: 'basic' };
  const fields = new Map(
    [...header.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const realm = fields.get('realm');
  if (!/^bearer\b/i.test(header) || realm === undefined) return { scheme: 'unknown' };
  return { scheme: 'bearer', realm, service: fields.get('service') ?? null, scope: fields.get('scope') ?? null };
}
