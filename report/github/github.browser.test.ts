import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, visitPage } from '../../testing/browser.ts';
import { GITHUB_WIDTH, githubPage } from '../../testing/github/page.ts';
import { failingReport, firstReport, inconclusiveReport, passingReport } from '../../testing/reports/report-fixtures.ts';
import { hostileReport } from '../../testing/reports/report-poison.ts';
import { porchPictures } from '../../testing/reports/report-pictures.ts';
import type { CheckReport } from '../documents/check-report.ts';
import { renderCheckRun, renderJobSummary } from './render-verdict.ts';

const chromium = findChromium();

describe.skipIf(chromium === null)("what is published, in GitHub's column (needs chromium on the PATH)", () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fieldproof-github-page-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function cutOff(markdown: string): Promise<readonly string[]> {
    const file = join(folder, 'page.html');
    writeFileSync(file, githubPage(markdown, { theme: 'light', opened: true }));
    const { cutOff: tags, width } = await visitPage(chromium ?? '', pathToFileURL(file).href, GITHUB_WIDTH);
    return width > GITHUB_WIDTH ? [...tags, 'page'] : tags;
  }

  function shown(report: CheckReport, jpegs: readonly string[] = []) {
    const exhibits = report.models.flatMap((model) => model.exhibits);
    const pictures = new Map(
      exhibits.flatMap((each, at) => (jpegs[at] === undefined ? [] : [[each, `data:image/jpeg;base64,${jpegs[at]}`] as const])),
    );
    const run = 'https://github.example/acme/porch/actions/runs/7';
    return {
      pictures,
      links: { report: { kind: 'artifact', url: `${run}#artifacts` }, check: run, run, dashboard: [] } as const,
      remarks: [],
    };
  }

  it.each([
    ['a fail', failingReport()],
    ['a pass', passingReport()],
    ['an undecided verdict', inconclusiveReport()],
    ['a first release', firstReport()],
  ])('nothing of %s is cut off, folds open', async (_, report) => {
    const jpegs = await porchPictures();
    expect(await cutOff(renderJobSummary(report, shown(report, jpegs)))).toEqual([]);
    const { summary, text } = renderCheckRun(report, shown(report, jpegs));
    expect(await cutOff(`${summary}\n\n${text}`)).toEqual([]);
  });

  it('leaves words that cannot be folded inside their own table', async () => {
    const report = hostileReport();
    expect(new Set(await cutOff(renderJobSummary(report, shown(report))))).toEqual(new Set(['table']));
  });

  it('would notice a table that is too wide', async () => {
    const cells = Array.from({ length: 12 }, (_, at) => `\u00A0number\u00A0${at}\u00A0`);
    expect(await cutOff(`| ${cells.join(' | ')} |\n|${' -- |'.repeat(12)}`)).toEqual(['table']);
  });
});
