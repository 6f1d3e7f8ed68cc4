import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { NARROW_TOKEN, OWNER, REPOSITORY, startGithub, type Github } from '../../../testing/github/github.ts';
import { clientOptions, seedRepository } from '../../../testing/github/world.ts';
import { wholeInstallation } from '../../../testing/worlds/doctored.ts';
import { openGithubSettings } from '../github-code-host.ts';

let github: Github;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());
beforeEach(async () => {
  await seedRepository(github);
  github.proxy.settings.setup = { ...wholeInstallation().setup, rules: {} };
});

const at = `/repos/${OWNER}/${REPOSITORY}`;
const settings = () =>
  openGithubSettings({ ...clientOptions(github), credentials: { kind: 'token', token: NARROW_TOKEN }, timeout: 5000 });

const protection = {
  required_status_checks: { strict: true, contexts: ['Fieldproof'] },
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};

it('reads the older protection of a branch like a ruleset', async () => {
  await github.call('PUT', `${at}/branches/main/protection`, protection);
  expect(await (await settings()).branchRules('main')).toEqual({
    state: 'seen',
    value: {
      forbidsForcePush: true,
      forbidsDeletion: true,
      requiredChecks: [{ name: 'Fieldproof', source: null }],
      upToDate: 'required',
    },
  });
});

it('claims nothing of a protection that it may not read', async () => {
  await github.call('PUT', `${at}/branches/main/protection`, protection);
  github.proxy.limit(NARROW_TOKEN, { contents: 'read' });
  expect(await (await settings()).branchRules('main')).toEqual({ state: 'unseen', needs: 'administration: read' });
});

it('reads files of a branch, and says which are not there', async () => {
  const there = await settings();
  expect(await there.read('main', 'no/such.yaml')).toEqual({ state: 'seen', value: null });
  expect(await there.read('change', 'models/porch/model.yaml')).toEqual({ state: 'seen', value: 'version: 1\n' });
  expect(await there.files('no-such-branch')).toEqual({ state: 'seen', value: [] });
  expect(await there.files('change')).toEqual({
    state: 'seen',
    value: expect.arrayContaining([{ path: 'models/porch/model.yaml', bytes: 11 }]),
  });
});
