import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OWNER, REPOSITORY, startGithub } from '../testing/github/github.ts';
import { makeDeployedRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** The branch `as-good` has passed and waits for its merge; `worse` has failed. */
let judged: ModelRepository;
beforeAll(async () => {
  judged = await makeDeployedRepository();
  await judged.propose('worse', { gains: [0.2, 1, 1] });
  await runFieldproof(judged, ['check', '--base', 'main', '--head', 'worse']);
  await judged.propose('as-good', { gains: [1.1, 1.1, 1.1] });
  await runFieldproof(judged, ['check', '--base', 'main', '--head', 'as-good']);
});
afterAll(() => judged.remove());

const opened: ModelRepository[] = [];
afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove();
});

function merged(branch: string): ModelRepository {
  const repository = judged.copy();
  opened.push(repository);
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '-m', `Merge ${branch}`, branch);
  return repository;
}

const deploy = (repository: ModelRepository) => runFieldproof(repository, ['deploy']);
const deployedCommit = (repository: ModelRepository) => repository.gitFleet('rev-parse', 'main');

/** Someone else's commit on the branch that is deployed, which writes one file. */
function commitToFleet(repository: ModelRepository, file: string, content: string): void {
  const clone = path.join(repository.folder, 'clone');
  repository.git('clone', '--quiet', repository.fleet, clone);
  writeInto(clone, file, content);
  repository.git('-C', clone, 'add', '--all');
  repository.git('-C', clone, 'commit', '--quiet', '-m', 'Another hand');
  repository.git('-C', clone, 'push', '--quiet', 'origin', 'main');
  rmSync(clone, { recursive: true });
}

function writeInto(folder: string, file: string, content: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}

it('shows what has landed, as queued and as under way, where there is a code host, and lands it all the same where that fails', async () => {
  const github = await startGithub();
  const env = { GITHUB_REPOSITORY: `${OWNER}/${REPOSITORY}`, GITHUB_API_URL: github.proxy.url };
  const shown = merged('as-good');
  const landed = await runFieldproof(shown, ['deploy'], { ...env, GITHUB_TOKEN: 'token-0-of-a-person' });
  expect(landed).toMatchObject({ code: 0, stdout: expect.stringMatching(/^landed /) });
  const queued = github.proxy.deployments.all();
  await github.close();
  expect(queued.map(({ deployment, statuses }) => [deployment.sha, ...statuses.map(({ state }) => state)])).toEqual(
    queued.map(() => [shown.git('rev-parse', 'main'), 'queued', 'in_progress']),
  );
  expect(queued[0]?.deployment.environment).toMatch(/^tiny\/[\w-]+\/[\w-]+$/);
  const alone = await runFieldproof(merged('as-good'), ['deploy'], {
    ...env,
    FIELDPROOF_APP_ID: '1',
    FIELDPROOF_APP_PRIVATE_KEY: 'x',
  });
  expect(alone).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^landed /),
    stderr: expect.stringContaining('no deployment is shown: GitHub: could not find the installation of the App'),
  });
});

describe('fieldproof deploy', () => {
  it('lands the proposal of a merged change as it was judged, and says so once', async () => {
    const repository = merged('as-good');
    const proposal = repository.gitFleet('rev-parse', `fieldproof/tiny/${repository.git('rev-parse', 'as-good').slice(0, 12)}`);
    const first = await deploy(repository);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^landed +tiny: main is at /) });
    expect(deployedCommit(repository)).toBe(proposal);
    const again = await deploy(repository);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^up to date +tiny: /) });
    expect(deployedCommit(repository)).toBe(proposal);
    const { stdout } = await runFieldproof(repository, ['ledger']);
    expect(stdout).toContain('● intact');
    // The first release's, and this one's.
    expect(stdout.match(/ deployment /g)).toHaveLength(2);
  });

  it('refuses a model whose verdict was fail', async () => {
    const repository = merged('worse');
    const before = repository.traces();
    const { code, stdout } = await deploy(repository);
    expect(stdout).toMatch(/^refused +tiny: its verdict is fail: only a pass is deployed/);
    expect(code).toBe(1);
    expect(repository.traces()).toEqual(before);
  });

  it('asks for a check when what was merged is not what was judged', async () => {
    const repository = merged('as-good');
    await repository.writeModel({ gains: [1.2, 1.2, 1.2] });
    repository.commit('One more change, after the check');
    const before = repository.traces();
    const { code, stdout } = await deploy(repository);
    expect(stdout).toMatch(/^needs a check +tiny: the merged models\/tiny has never been judged/);
    expect(code).toBe(2);
    expect(repository.traces()).toEqual(before);
  });

  it('asks for a new check when what the fleet runs of this model has changed since', async () => {
    const repository = merged('as-good');
    commitToFleet(repository, 'apps/tiny/base/service.yaml', '# changed by hand\n');
    const moved = deployedCommit(repository);
    const { code, stdout } = await deploy(repository);
    expect(stdout).toMatch(
      /^needs a check +tiny: the fleet has moved on from \w+ to \w+ since the check, and what tiny deploys changed/,
    );
    expect(code).toBe(2);
    expect(deployedCommit(repository)).toBe(moved);
  });

  it('asks for a new check when the gates have changed since its verdict', async () => {
    const repository = merged('as-good');
    const config = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
    repository.write({ 'fieldproof.yaml': config.replace('margin: 20%', 'margin: 10%') });
    repository.commit('Ask for more');
    const before = repository.traces();
    expect(await deploy(repository)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^needs a check +tiny: fieldproof\.yaml judges tiny otherwise since its verdict/),
    });
    expect(repository.traces()).toEqual(before);
  });

  it('does not land what somebody else pushed to the branch of the proposal', async () => {
    const repository = merged('as-good');
    const branch = `fieldproof/tiny/${repository.git('rev-parse', 'as-good').slice(0, 12)}`;
    const clone = path.join(repository.folder, 'clone');
    repository.git('clone', '--quiet', '--branch', branch, repository.fleet, clone);
    const message = repository.gitFleet('log', '-1', '--format=%B', branch);
    writeInto(clone, 'clusters/lobby-berlin/more.yaml', 'kind: ClusterRoleBinding\n');
    repository.git('-C', clone, 'add', '--all');
    repository.git('-C', clone, 'commit', '--quiet', '--amend', '-m', message);
    repository.git('-C', clone, 'push', '--quiet', '--force', 'origin', branch);
    rmSync(clone, { recursive: true });
    const before = repository.traces();
    expect(await deploy(repository)).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/^needs a check +tiny: \S+ is not at the commit that the check wrote/),
    });
    expect(repository.traces()).toEqual(before);
  });

  it('counts no verdict that nobody signed where policy says who does, and stops without the key', async () => {
    const repository = merged('as-good');
    const key = path.join(repository.folder, 'key.pem');
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const text = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
    repository.write({ 'fieldproof.yaml': `${text}\nledger: { name: acme/tiny, keys: [{ key: ${spki}, from: 2026-01-01 }] }\n` });
    repository.commit('Say who signs the ledger');
    const before = repository.traces();
    expect(await runFieldproof(repository, ['deploy', '--signing-key', key])).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(
        /^needs a check +tiny: the merged models\/tiny has never been judged in an entry of the ledger that counts/,
      ),
    });
    expect(await runFieldproof(repository, ['deploy'])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/ledger\.keys.*there is no key to sign with[\s\S]*FIELDPROOF_SIGNING_KEY/),
    });
    expect(repository.traces()).toEqual(before);
  });

  it('lands beside what others have landed since, and is up to date when run again', async () => {
    const repository = merged('as-good');
    commitToFleet(repository, 'apps/other/base/service.yaml', '# another model\n');
    const moved = deployedCommit(repository);
    expect(await deploy(repository)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^landed /) });
    expect(repository.gitFleet('rev-parse', 'main~1')).toBe(moved);
    expect(repository.gitFleet('show', 'main:apps/other/base/service.yaml')).toBe('# another model');
    commitToFleet(repository, 'apps/other/base/service.yaml', '# another model, again\n');
    expect(await deploy(repository)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^up to date /) });
    expect(repository.gitFleet('log', '--format=%s', '-3', 'main').split('\n')[0]).toBe('Another hand');
  });
});

describe('fieldproof ledger', () => {
  it('names the entry that was tampered with, lists nothing, and fails', async () => {
    const repository = merged('as-good');
    expect((await runFieldproof(repository, ['ledger'])).code).toBe(0);
    const records = repository.git('ls-tree', '-r', '--name-only', 'fieldproof/ledger').split('\n');
    const record = records.find((file) => isVerdictOfFail(repository, file)) ?? '';
    const clone = path.join(repository.folder, 'clone');
    repository.git('clone', '--quiet', '--branch', 'fieldproof/ledger', repository.model, clone);
    const text = repository.git('show', `fieldproof/ledger:${record}`);
    writeInto(clone, record, text.replace('"outcome":"fail"', '"outcome":"pass"'));
    repository.git('-C', clone, 'commit', '--quiet', '--all', '-m', 'Improve the past');
    repository.git('-C', clone, 'push', '--quiet', 'origin', 'fieldproof/ledger');
    const { code, stdout, stderr } = await runFieldproof(repository, ['ledger']);
    expect(stdout).toMatch(/^Nothing is listed.*\n\n■ broken at seq \d+: /);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(await deploy(repository)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/the ledger is broken at entry \d+/),
    });
  });
});

function isVerdictOfFail(repository: ModelRepository, file: string): boolean {
  const text = repository.git('show', `fieldproof/ledger:${file}`);
  return text.includes('"kind":"verdict"') && text.includes('"outcome":"fail"');
}
