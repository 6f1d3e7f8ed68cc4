import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWNER, PASSER_BY, REPOSITORY, startGithub, type Github } from '../testing/github/github.ts';
import { pushTo } from '../testing/github/push.ts';
import { makeDeployedRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

const at = `/repos/${OWNER}/${REPOSITORY}`;

/** As the workflow calls it: the number of a comment, a clone of the default branch, and the ledger at a remote. */
describe('a comment on a pull request answers for its verdict', () => {
  let github: Github;
  let repository: ModelRepository;
  let number: number;
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const command = `/fieldproof accept until ${until} because more pictures come in March`;

  beforeAll(async () => {
    github = await startGithub();
    repository = await makeDeployedRepository();
    const config = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
    repository.write({ 'fieldproof.yaml': config.replace('metric: top1, margin: 20%', 'metric: top1, margin: 0%') });
    repository.commit('Lose nothing at all');
    await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
    const remote = path.join(repository.folder, 'origin.git');
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote]);
    repository.git('remote', 'add', 'origin', remote);
    // Undecided: a loss of nothing at all cannot be ruled out.
    await runFieldproof(repository, ['check', '--base', 'main', '--head', 'as-good']);
    for (const branch of ['main', 'as-good']) await pushTo(github, repository.model, branch);
    const pull = { title: 'As good', head: 'as-good', base: 'main' };
    ({ number } = await github.call<{ number: number }>('POST', `${at}/pulls`, pull));
  });
  afterAll(async () => {
    repository.remove();
    await github.close();
  });

  async function say(body: string, token?: string): Promise<number> {
    if (token === undefined) return (await github.call<{ id: number }>('POST', `${at}/issues/${number}/comments`, { body })).id;
    const answer = await fetch(`${github.proxy.url}${at}/issues/${number}/comments`, {
      method: 'POST',
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ body }),
    });
    return ((await answer.json()) as { id: number }).id;
  }

  async function accept(id: number) {
    const env = {
      GITHUB_REPOSITORY: `${OWNER}/${REPOSITORY}`,
      GITHUB_API_URL: github.proxy.url,
      FIELDPROOF_APP_ID: String(github.app.id),
      FIELDPROOF_APP_PRIVATE_KEY: github.app.privateKey,
    };
    return await runFieldproof(repository, ['accept', '--from-comment', String(id), '--sync', 'origin'], env);
  }

  const answers = async () =>
    (await github.call<{ user: { login: string }; body: string }[]>('GET', `${at}/issues/${number}/comments?per_page=100`))
      .filter(({ user }) => user.login.startsWith('fieldproof'))
      .map(({ body }) => body);
  const waivers = async () => (await runFieldproof(repository, ['ledger'])).stdout.match(/ waiver /g)?.length ?? 0;

  it('only if its author may write, whatever it says: the answer is in the conversation', async () => {
    const id = await say(command, PASSER_BY.token);
    expect(await accept(id)).toMatchObject({ code: 1, stdout: expect.stringContaining('only somebody with write access') });
    expect(await answers()).toEqual([expect.stringMatching(/❌ Not recorded, passer-by: only somebody with write access/)]);
    expect(await waivers()).toBe(0);
  });

  it('is recorded, shared and answered once, however often the job is run', async () => {
    const id = await say(command);
    for (let n = 0; n < 2; n += 1) expect(await accept(id)).toMatchObject({ code: 0, stdout: `comment ${id}  is recorded\n` });
    const said = (await answers()).filter((body) => body.includes('✅'));
    expect(said).toEqual([
      expect.stringMatching(/✅ Recorded in the ledger: dev answers for[^]*because more pictures come in March/),
    ]);
    expect(await waivers()).toBe(1);
    const shared = execFileSync('git', ['-C', path.join(repository.folder, 'origin.git'), 'rev-parse', 'fieldproof/ledger']);
    expect(shared.toString().trim()).toBe(repository.git('rev-parse', 'fieldproof/ledger').trim());
  });

  it('or says how it is to be called', async () => {
    const { code, stderr } = await runFieldproof(repository, ['accept', '--record', 'abc']);
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('or --from-comment with the id') });
  });
});
