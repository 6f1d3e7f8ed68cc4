import { expect, it } from 'vitest';
import { readingPlace } from './reading-place.ts';

const app = { FIELDPROOF_APP_ID: '12', FIELDPROOF_APP_PRIVATE_KEY: 'k' };

it.each([
  ['where the clone came from', { GITHUB_TOKEN: 't' }, 'git@github.com:acme/porch.git', 'acme/porch'],
  [
    'what the environment names before that',
    { GITHUB_TOKEN: 't', GITHUB_REPOSITORY: 'acme/other' },
    'git@github.com:acme/porch.git',
    'acme/other',
  ],
  ['nothing on another host', { GITHUB_TOKEN: 't' }, 'https://git.example/acme/porch', null],
  ['nothing without a way to sign in', {}, 'https://github.com/acme/porch', null],
])('is %s', (_, env, origin, expected) => {
  const found = readingPlace(env, origin);
  expect(found === null ? null : `${found.place.repository.owner}/${found.place.repository.name}`).toBe(expected);
});

it('reads as whoever has a token, else as the App, and knows the App beside it', () => {
  const both = readingPlace({ ...app, GITHUB_TOKEN: 't' }, 'https://github.com/acme/porch');
  expect(both).toMatchObject({ place: { credentials: { kind: 'token' } }, app: { credentials: { kind: 'app', appId: 12 } } });
  expect(readingPlace(app, 'https://github.com/acme/porch')).toMatchObject({ place: { credentials: { kind: 'app' } } });
  expect(readingPlace({ GITHUB_TOKEN: 't' }, 'https://github.com/acme/porch')).toMatchObject({ app: null });
});

it.each([
  ['https://github.com', true],
  ['https://acme.ghe.com', true],
  ['https://git.example', false],
])('knows whether %s has what github.com has', (server, onGithubCom) => {
  expect(readingPlace({ GITHUB_TOKEN: 't', GITHUB_SERVER_URL: server }, `${server}/acme/porch`)).toMatchObject({ onGithubCom });
});
