import { afterAll, beforeAll } from 'vitest';
import { codeHostContract } from '../../testing/contracts/code-host.contract.ts';
import { startGithub, type Github } from '../../testing/github/github.ts';
import { githubWorld } from '../../testing/github/world.ts';

let github: Github;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());

codeHostContract('GitHub', () => githubWorld(github));
