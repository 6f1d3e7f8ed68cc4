/** Draws what a reviewer sees on GitHub into docs/images: the comment and the check's summary, light and dark. Needs chromium. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import type { CheckReport } from '../report/documents/check-report.ts';
import { renderCheckRun, renderComment, type Shown } from '../report/github/render-verdict.ts';
import { findChromium, visitPage } from '../testing/browser.ts';
import { GITHUB_WIDTH, githubPage } from '../testing/github/page.ts';
import { failingReport, inconclusiveReport, passingReport } from '../testing/reports/report-fixtures.ts';
import { porchPictures } from '../testing/reports/report-pictures.ts';

const images = resolve(import.meta.dirname, '..', 'docs', 'images');
const REMARKS = [
  'It was published by a workflow that the pull request itself can edit, so it proves nothing against its author.',
];

const jpegs = await porchPictures();
const pages = [
  { name: 'github-comment-fail', theme: 'light', markdown: comment(failingReport()) },
  { name: 'github-comment-fail-dark', theme: 'dark', markdown: comment(failingReport()) },
  { name: 'github-comment-pass', theme: 'light', markdown: comment(passingReport()) },
  { name: 'github-comment-inconclusive-dark', theme: 'dark', markdown: comment(inconclusiveReport()) },
  { name: 'github-check-inconclusive', theme: 'light', markdown: checkSummary(inconclusiveReport()) },
  { name: 'github-check-fail-dark', theme: 'dark', markdown: checkSummary(failingReport()) },
] as const;

const chromium = findChromium();
if (chromium === null) throw new Error('no chromium on the PATH: apt-get install chromium fonts-noto-color-emoji');
const folder = mkdtempSync(join(tmpdir(), 'fieldproof-pictures-'));
try {
  for (const { name, theme, markdown } of pages) {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, githubPage(markdown, { theme, opened: false }));
    const { picture, cutOff } = await visitPage(chromium, pathToFileURL(file).href, GITHUB_WIDTH);
    if (cutOff.length > 0) throw new Error(`${name}: cut off: ${cutOff.join(', ')}`);
    await sharp(Buffer.from(picture, 'base64'))
      .png({ palette: true, quality: 80, effort: 10 })
      .toFile(join(images, `${name}.png`));
    process.stdout.write(`docs/images/${name}.png\n`);
  }
} finally {
  rmSync(folder, { recursive: true, maxRetries: 5 });
}

function comment(report: CheckReport): string {
  return renderComment(report, { ...shown(report), marker: '' });
}

function checkSummary(report: CheckReport): string {
  const { links, ...rest } = shown(report);
  const { title, summary } = renderCheckRun(report, { ...rest, links: { ...links, check: null } });
  // As GitHub writes it above the summary.
  return `### ${title}\n\n${summary}`;
}

/** Pictures as policy stores them, and the links that a run on GitHub knows. */
function shown({ models }: CheckReport): Shown {
  const exhibits = models.flatMap((model) => model.exhibits);
  const run = 'https://github.example/acme/porch/actions/runs/7';
  return {
    pictures: new Map(exhibits.map((exhibit, at) => [exhibit, `data:image/jpeg;base64,${jpegs[at % jpegs.length] ?? ''}`])),
    links: {
      report: { kind: 'artifact', url: `${run}#artifacts` },
      check: 'https://github.example/acme/porch/runs/8',
      run,
      dashboard: [],
    },
    remarks: REMARKS,
  };
}
