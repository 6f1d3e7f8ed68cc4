import { describe, expect, it } from 'vitest';
import { bucketCredentials, fleetPlace, githubPlace, isOnGithub } from './github-environment.ts';

const repository = { GITHUB_REPOSITORY: 'acme/porch' };
const app = { FIELDPROOF_APP_ID: '12', FIELDPROOF_APP_PRIVATE_KEY: 'BEGIN\\nEND' };

describe('where and as whom we publish', () => {
  it('is nowhere without a repository or anything to sign in with', () => {
    expect(githubPlace({ GITHUB_TOKEN: 't' }, null)).toBeNull();
    expect(githubPlace(repository, null)).toBeNull();
    expect(githubPlace({ ...repository, GITHUB_TOKEN: '', FIELDPROOF_APP_ID: '' }, null)).toBeNull();
  });

  it('is the App before the token, at github.com unless another is named', () => {
    expect(githubPlace({ ...repository, ...app, GITHUB_TOKEN: 't' }, 12)).toEqual({
      apiUrl: 'https://api.github.com',
      webUrl: 'https://github.com',
      repository: { owner: 'acme', name: 'porch' },
      credentials: { kind: 'app', appId: 12, privateKey: 'BEGIN\nEND', installation: null },
    });
    const enterprise = { GITHUB_API_URL: 'https://git.example/api/v3', GITHUB_SERVER_URL: 'https://git.example/' };
    expect(githubPlace({ ...repository, ...enterprise, GITHUB_TOKEN: 't' }, null)).toMatchObject({
      apiUrl: 'https://git.example/api/v3',
      webUrl: 'https://git.example',
      credentials: { kind: 'token', token: 't' },
    });
  });

  it.each([
    ['half an App', { ...repository, FIELDPROOF_APP_ID: '12' }, null, /FIELDPROOF_APP_PRIVATE_KEY\): is not set/],
    ['the other half', { ...repository, FIELDPROOF_APP_PRIVATE_KEY: 'k' }, null, /FIELDPROOF_APP_ID\): is not set/],
    ['an id that is none', { ...repository, ...app, FIELDPROOF_APP_ID: '12x' }, null, /is not a number/],
    ['an installation that is none', { ...repository, ...app, FIELDPROOF_APP_INSTALLATION_ID: '-1' }, null, /is not a number/],
    ['a repository without owner', { GITHUB_REPOSITORY: 'porch' }, null, /write owner\/name/],
    ['another App than policy asks for', { ...repository, ...app }, 13, /asks for App 13, but App 12 was given/],
    ['nothing where policy asks for an App', repository, 13, /but nothing was given/],
  ])('refuses %s', (_, env, appId, message) => {
    expect(() => githubPlace(env, appId)).toThrow(message);
  });

  it('never shows a key', () => {
    expect(() => githubPlace({ ...repository, ...app, FIELDPROOF_APP_ID: 'x' }, null)).toThrow(/^(?!.*BEGIN)/s);
  });
});

it('takes the credentials of a bucket whole', () => {
  expect(bucketCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' })).toEqual({
    accessKeyId: 'a',
    secretAccessKey: 'b',
  });
  expect(() => bucketCredentials({ AWS_ACCESS_KEY_ID: 'a' })).toThrow(/is not set, but policy names a bucket/);
});

describe('the fleet repository', () => {
  it.each([
    'https://github.com/acme/fleet.git',
    'https://token@github.com/acme/fleet/',
    'ssh://git@github.com:22/acme/fleet.git',
    'git@github.com:acme/fleet.git',
  ])('%s is on the GitHub of the job, under its own name and with a token of its own', (url) => {
    const env = { ...repository, ...app, FIELDPROOF_FLEET_TOKEN: 'f' };
    expect(isOnGithub(env, url)).toBe(true);
    expect(fleetPlace(env, null, url)).toMatchObject({
      repository: { owner: 'acme', name: 'fleet' },
      credentials: { kind: 'token', token: 'f' },
    });
  });

  it.each([
    '../fleet.git',
    '/srv/fleet.git',
    'https://git.example/acme/fleet.git',
    'git@github.com.evil.example:acme/fleet.git',
    'https://github.com/fleet',
  ])('%s is not', (url) => expect(isOnGithub(repository, url)).toBe(false));

  it('is reached as the job is where it has no token of its own, or not at all', () => {
    const url = 'https://github.com/acme/fleet.git';
    expect(fleetPlace({ ...repository, ...app }, 12, url)).toMatchObject({ credentials: { kind: 'app', appId: 12 } });
    expect(() => fleetPlace(repository, null, url)).toThrow(/FIELDPROOF_FLEET_TOKEN\): is not set/);
  });
});
