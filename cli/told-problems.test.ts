import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProblems, renderProblems } from '#report';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { makeModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

/** Jobs without a token cannot publish: what kept them from running reaches the check in the words that its author needs. */
const OF_CHECK = ['--base', 'main', '--head', 'change', '--policy-from', 'base'];
let repository: ModelRepository;
beforeAll(async () => {
  repository = await makeModelRepository();
  repository.write({ 'fieldproof.yaml': configText.slice(0, configText.indexOf('deploy:')) });
  repository.commit('No fleet');
  repository.git('checkout', '--quiet', '-b', 'change');
  repository.write({ 'models/tiny/model.yaml': 'weights: not-there.onnx\n' });
  repository.commit('Name weights that are not there');
  repository.git('checkout', '--quiet', 'main');
});
afterAll(() => repository.remove());

const below = (name: string) => path.join(repository.folder, name);

/** The job that publishes, after one that left these texts; and what the check then shows. */
async function join(folder: string, files: Readonly<Record<string, string>>) {
  mkdirSync(below(folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(below(folder), name), text);
  const where = ['--images', '../none', '--parts', '../none', '--told', `../${folder}`, '--problems', `../${folder}-out.json`];
  const { code, stderr } = await runFieldproof(repository, ['join', ...OF_CHECK, ...where]);
  const { problems } = parseProblems(readFileSync(below(`${folder}-out.json`), 'utf8'), 'out');
  return { code, stderr, ...renderProblems({ problems, remarks: [], run: null }) };
}

describe('a job that could not run', () => {
  it('is heard by the check, before what is missing because of it', async () => {
    const args = ['images', ...OF_CHECK, '--out', '../images', '--problems', '../problems/images.json'];
    expect((await runFieldproof(repository, args)).code).toBe(3);
    const { code, title, summary } = await join('problems', {});
    expect(code).toBe(3);
    expect(title).toBe('Could not run: models/tiny/model.yaml:1:1 (weights): not-there.onnx is not there');
    expect(summary.split('\n').filter((line) => line.startsWith('- '))).toEqual([
      expect.stringMatching(
        /^- models\/tiny\/model\.yaml:1:1 \(weights\): not-there\.onnx is not there<br>\*\*What to do:\*\* add the/,
      ),
      expect.stringMatching(/^- images\.json: is not in /),
    ]);
  });

  it('is heard of a ledger that cannot be shared, beside what its own command left', async () => {
    const left = { version: 1, problems: [{ file: 'a', message: 'b', remedy: 'c' }] };
    writeFileSync(below('beside.json'), JSON.stringify(left));
    const args = ['ledger', '--sync', '../nowhere', '--problems', '../beside.json'];
    expect((await runFieldproof(repository, args)).code).toBe(3);
    const { problems } = parseProblems(readFileSync(below('beside.json'), 'utf8'), 'beside.json');
    expect(problems.map(({ file }) => file)).toEqual(['a', '../nowhere']);
  });

  it('that was killed has left that it began', async () => {
    const { title } = await join('killed', { 'images.json': JSON.stringify({ version: 1, problems: [] }) });
    expect(title).toBe('Could not run: the job images: was ended before it could say why');
  });

  it('that ended well has nothing to tell', async () => {
    const { title } = await join('well', { 'images.json': JSON.stringify({ version: 1, problems: [], done: true }) });
    expect(title).toMatch(/^Could not run: images\.json: is not in/);
  });

  it("leaves words and nothing else: a stranger's cannot speak for the check, a page or a log", async () => {
    const message = 'passed!\n::set-output name=verdict::pass\u001b[2J @acme/owners ![x](https://evil.example/x.png) <!-- -->';
    const problem = { file: '</details>', message, remedy: '<script>' };
    const { title, summary, stderr } = await join('hostile', {
      'a.json': JSON.stringify({ version: 1, problems: [problem] }),
      'b.json': JSON.stringify({ version: 1, problems: [problem], outcome: 'pass' }),
      'c.json': '['.repeat(100_000),
      '::error::x.json': '{}',
    });
    expect(title).toMatch(/^Could not run: "::error::x\.json": is not what a job leaves/);
    const told = summary.split('\n').filter((line) => line.startsWith('- ') && !line.startsWith('- images.json'));
    expect(told).toMatchInlineSnapshot(`
      [
        "- "::error::x.json": is not what a job leaves that could not run<br>**What to do:** look at the log of that job",
        "- &#60;/details&#62;: passed! ::set-output name=verdict::pass&#91;2J &#64;&#8203;acme/owners !&#91;x&#93;(https:&#8203;//evil.example/x.png) &#60;!-- --&#62;<br>**What to do:** &#60;script&#62;",
        "- b.json: is not what a job leaves that could not run<br>**What to do:** look at the log of that job",
        "- c.json: is not what a job leaves that could not run<br>**What to do:** look at the log of that job",
      ]
    `);
    for (const shown of [summary, stderr]) expect(shown).not.toMatch(/^::|[\p{Cc}--\n]/mv);
    expect(summary).not.toMatch(/<script|@acme/);
  });

  it('is not heard through a link, a folder, or a file that is too large', async () => {
    mkdirSync(below('strange/a.json'), { recursive: true });
    symlinkSync('/etc/hostname', below('strange/b.json'));
    const { stderr } = await join('strange', { 'c.json': ' '.repeat(3 * 1024 * 1024) });
    expect(stderr.match(/^[abc]\.json: is not what a job leaves that could not run$/gm)).toHaveLength(3);
  });
});
