import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditReportSchema, type AuditedModel } from '#report';
import { makeModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

let repository: ModelRepository;
let model: AuditedModel;
let said: string;
beforeAll(async () => {
  repository = await makeModelRepository();
  const { code, stdout, stderr } = await runFieldproof(repository, ['audit', '--runs', '5', '--latency-runs', '0']);
  if (code !== 0) throw new Error(stderr);
  said = stdout;
  const [audited] = auditReportSchema.parse(JSON.parse(read('audit.json'))).models;
  if (audited === undefined) throw new Error('no model was audited');
  model = audited;
});
afterAll(() => repository.remove());

const read = (file: string) => readFileSync(path.join(repository.model, '.fieldproof', 'audit', file), 'utf8');
const change = (name: string) => model.changes.find((one) => one.change === name);
const gate = (name: string) => model.gates.find((one) => one.gate === name);

describe('fieldproof audit', () => {
  it('makes known-bad changes of the model, and the gates of a check fail them', () => {
    expect(change('channels')).toMatchObject({ left: null, steps: [{ strength: 'bgr for rgb', outcome: 'fail' }] });
    expect(change('label')?.steps.at(-1)).toMatchObject({ outcome: 'fail' });
    expect(change('kernel')?.steps).toMatchObject([{ outcome: expect.not.stringMatching('fail') }]);
  });

  it('says by name which change cannot be made of it, and why', () => {
    expect(change('alignment')).toMatchObject({ steps: [], left: 'nothing is aligned for this model of classification' });
    expect(said).toMatch(/· Alignment forgotten does not apply: nothing is aligned/);
  });

  it('judges worlds of a known loss: nothing fails of no loss, little passes of a margin, twice as much is caught', () => {
    const recall = gate('event-recall on street');
    expect(recall?.doses.map(({ target }) => target)).toEqual([0, 0.5, 1, 1.5, 2, 3, 4]);
    expect(recall?.doses[0]).toMatchObject({ judged: 5, failed: 0 });
    expect(recall?.doses.find(({ target }) => target === 4)).toMatchObject({ judged: 5, failed: 5 });
    for (const { target, loss } of recall?.doses ?? []) expect(Math.abs(loss - target)).toBeLessThan(0.75);
    expect(model.falseFails).toMatchObject({ count: 0 });
  });

  it('draws a curve for each gate, into the page and beside it', () => {
    const page = read('audit.html');
    expect(page).toMatch(/<h2>tiny<\/h2>/);
    expect(page.match(/class="curve"/g)).toHaveLength(model.gates.filter(({ doses }) => doses.length > 0).length);
    const [drawn] = readdirSync(path.join(repository.model, '.fieldproof', 'audit')).filter((file) => file.endsWith('.svg'));
    expect(read(drawn ?? '')).toMatch(/^<svg\s+class="curve"\s+xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*<\/svg>\n$/);
  });

  it('is in the ledger, and asks nothing twice: the same seed finds the same', async () => {
    const again = await runFieldproof(repository, ['audit', '--runs', '5', '--latency-runs', '0', '--report', 'again']);
    expect(again.code).toBe(0);
    const { models } = auditReportSchema.parse(
      JSON.parse(readFileSync(path.join(repository.model, 'again', 'audit.json'), 'utf8')),
    );
    expect(models).toEqual([model]);
    const { stdout } = await runFieldproof(repository, ['ledger', '--json']);
    const kinds = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { record: { fact: { kind: string } } }).record.fact.kind);
    expect(kinds).toEqual(['audit', 'audit']);
  });

  it('is told by the next check, which says when it is stale', async () => {
    await repository.propose('brighter', { gains: [1.1, 1, 1] });
    const check = await runFieldproof(repository, ['check', '--head', 'brighter', '--rehearsal']);
    expect(check.stdout).toMatch(
      /The gates of tiny were audited on\s+\d{4}-\d\d-\d\d: 0 of \d+ worlds\s+without\s+a\s+loss\s+failed/,
    );
    repository.git('checkout', '--quiet', 'main');
    const text = readFileSync(path.join(repository.model, 'fieldproof.yaml'), 'utf8');
    repository.write({ 'fieldproof.yaml': text.replace('margin: 20%', 'margin: 10%') });
    repository.commit('Ask for more');
    await repository.propose('dimmer', { gains: [1, 1.1, 1] });
    const stale = await runFieldproof(repository, ['check', '--head', 'dimmer', '--rehearsal']);
    expect(stale.stdout).toMatch(/which is stale: gates,\s+datasets\s+or\s+chipsets\s+have\s+changed\s+since/);
  });

  it('names a model that is not there', async () => {
    const { code, stderr } = await runFieldproof(repository, ['audit', '--model', 'porch']);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(/there is no porch\n +remedy: name one of: tiny/),
    });
  });
});
