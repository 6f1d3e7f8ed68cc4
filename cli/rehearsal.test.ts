import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkReportSchema } from '../report/documents/check-report.ts';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { makeModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** Somebody without the key that signs the ledger wants to know what a check would say. */
let repository: ModelRepository;
beforeAll(async () => {
  repository = await makeModelRepository();
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  repository.write({
    'fieldproof.yaml': `${configText}ledger: { name: acme/porch, keys: [ { key: ${key}, from: 2026-01-01 } ] }\n`,
  });
  repository.commit('Say who signs');
});
afterAll(() => repository.remove());

const OF_CHECK = ['check', '--base', 'main', '--head', 'main'];
const traces = () => [repository.git('for-each-ref'), repository.gitFleet('for-each-ref')];

describe('a check without the key that policy names', () => {
  it('stops at once, and says that it can be rehearsed', async () => {
    const { code, stderr } = await runFieldproof(repository, OF_CHECK);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /there is no key to sign with[\s\S]*or, to see what it would say, rehearse it \(fieldproof check --rehearsal\)/,
    );
  });

  it('is rehearsed: it says what it would, and that it is no check; it writes to neither repository', async () => {
    const before = traces();
    const args = [...OF_CHECK, '--rehearsal', '--json', '../report.json', '--report', '../reports'];
    const { code, stdout } = await runFieldproof(repository, args);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('PASS Only a rehearsal, nothing is recorded: tiny passes');
    expect(stdout).toMatch(/record +not written/);
    expect(traces()).toEqual(before);
    const text = (name: string) => readFileSync(path.join(repository.folder, name), 'utf8');
    const report = checkReportSchema.parse(JSON.parse(text('report.json')));
    expect(report).toMatchObject({ rehearsal: true, models: [{ outcome: 'pass', record: null, proposal: null }] });
    for (const page of ['report.html', 'report.md'])
      expect(text(`reports/${page}`)).toContain('Only a rehearsal, nothing is recorded');
  });

  it('leaves nothing that is deployed, published or pushed', async () => {
    expect(await runFieldproof(repository, ['deploy'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('ledger.keys'),
    });
    const host = { GITHUB_REPOSITORY: 'acme/porch', GITHUB_TOKEN: 'token', GITHUB_API_URL: 'http://127.0.0.1:1' };
    const published = await runFieldproof(
      repository,
      ['publish', '--report', '../report.json', '--base', 'main', '--head', 'main'],
      host,
    );
    expect(published).toMatchObject({ code: 3, stderr: expect.stringContaining('is that of a rehearsal') });
    const pushed = await runFieldproof(repository, [...OF_CHECK, '--rehearsal', '--push']);
    expect(pushed).toMatchObject({ code: 3, stderr: expect.stringContaining('nothing is pushed by it') });
  });
});
