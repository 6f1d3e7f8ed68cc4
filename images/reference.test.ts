import { describe, expect, it } from 'vitest';
import { parseChallenge, parseReference } from './reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('parseReference', () => {
  it.each([
    ['registry.example/acme/porch', { origin: 'https://registry.example', repository: 'acme/porch', tag: null, digest: null }],
    [`registry.example/porch:v1@${DIGEST}`, { repository: 'porch', tag: 'v1', digest: DIGEST }],
    ['127.0.0.1:5000/a/b/c:latest', { origin: 'http://127.0.0.1:5000', repository: 'a/b/c', tag: 'latest' }],
    ['localhost/porch', { origin: 'http://localhost', host: 'localhost' }],
    ['docker.io/library/debian', { origin: 'https://registry-1.docker.io', host: 'docker.io' }],
  ])('reads %s', (text, expected) => {
    expect(parseReference(text)).toMatchObject(expected);
  });

  it.each(['porch', 'acme/porch', 'registry.example/Acme', 'registry.example/a@sha256:short', 'http://registry.example/a', ''])(
    'refuses %j and says how to write it',
    (text) => {
      expect(() => parseReference(text)).toThrow('is not an image in a registry');
    },
  );

  it('speaks unencrypted to this machine only', () => {
    expect(parseReference('127.0.0.1.example.org/porch').origin).toBe('https://127.0.0.1.example.org');
    expect(parseReference('192.168.1.2:5000/porch').origin).toBe('https://192.168.1.2:5000');
  });
});

describe('parseChallenge', () => {
  it('reads where a token is given', () => {
    const header = 'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push"';
    const expected = {
      scheme: 'bearer',
      realm: 'https://auth.example/token',
      service: 'registry',
      scope: 'repository:a/b:pull,push',
    };
    expect(parseChallenge(header)).toEqual(expected);
  });

  it('knows a plain password, and what it does not know', () => {
    expect(parseChallenge('Basic realm="x"')).toEqual({ scheme: 'basic' });
    expect(parseChallenge('Bearer')).toEqual({ scheme: 'unknown' });
    expect(parseChallenge('')).toEqual({ scheme: 'unknown' });
  });
});
