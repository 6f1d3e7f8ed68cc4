/** Draws docs/images/dashboard-*.png anew: what a team sees that has judged some hundred changes. Needs chromium. */
import path from 'node:path';
import { chromium } from 'playwright-core';
import { fileAt } from '#dashboard';
import { pageScript, servePages } from '#dashboard/adapters';
import { memoryIndex, readOldProcess, refreshIndex } from '#history';
import { findChromium } from '../testing/browser.ts';
import { porchPictures } from '../testing/reports/report-pictures.ts';
import { shownHistory } from '../testing/worlds/shown-history.ts';

const out = path.resolve(import.meta.dirname, '..', 'docs', 'images');
const { ledger, reports } = await shownHistory(await porchPictures(), {
  iterations: 400,
  every: 40,
  begun: new Date('2024-11-15T08:00:00Z'),
});
const index = memoryIndex();
await refreshIndex(index, ledger, null);
const old = Array.from({ length: 24 }, (_, at) => {
  const [year, month] = [2022 + Math.floor(at / 12), (at % 12) + 1];
  const begun = new Date(Date.UTC(year, month - 1, 3));
  return `v${at + 1},${begun.toISOString().slice(0, 10)},${new Date(begun.getTime() + (9 + ((at * 7) % 31)) * 86_400_000).toISOString().slice(0, 10)}`;
});
const before = readOldProcess(['name,started,finished', ...old].join('\n'), 'before.csv');
const source = { index, reports, title: 'acme/porch', now: new Date('2026-09-20T09:00:00Z'), before };
const script = await pageScript();
const { url, stop } = await servePages(async (file) => await fileAt(file, { source, script }), {
  address: '127.0.0.1',
  port: 0,
  hosts: [],
});
const [last] = await index.find({ kinds: ['verdict'], newestFirst: true, page: { skip: 0, limit: 1 } });
const [landed] = await index.find({ kinds: ['deployment'], newestFirst: true, page: { skip: 0, limit: 1 } });
const name = (id: string) => id.slice('sha256:'.length, 'sha256:'.length + 24);

const pictures = [
  { file: 'dashboard-overview', view: 'index.html', width: 1280, scheme: 'light' },
  { file: 'dashboard-overview-dark', view: 'index.html', width: 1280, scheme: 'dark' },
  { file: 'dashboard-iteration', view: `iteration/${name(last?.id ?? '')}.html`, width: 1280, scheme: 'light' },
  { file: 'dashboard-life', view: `iteration/${name(landed?.fact.verdict ?? '')}.html`, width: 1280, scheme: 'light' },
  { file: 'dashboard-frames', view: `iteration/${name(last?.id ?? '')}/1.html`, width: 1280, scheme: 'dark' },
  { file: 'dashboard-boxes', view: `iteration/${name(last?.id ?? '')}/2.html`, width: 1280, scheme: 'light' },
  { file: 'dashboard-field', view: 'field.html', width: 1280, scheme: 'light' },
  { file: 'dashboard-calibration', view: 'calibration.html', width: 1280, scheme: 'light' },
  { file: 'dashboard-clock', view: 'clock.html', width: 1280, scheme: 'light' },
  { file: 'dashboard-alarms', view: 'alarms.html', width: 1280, scheme: 'light' },
  { file: 'dashboard-phone', view: 'index.html', width: 390, scheme: 'light' },
] as const;
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
for (const { file, view, width, scheme } of pictures) {
  const page = await browser.newPage({ viewport: { width, height: width < 600 ? 844 : 1000 }, colorScheme: scheme });
  await page.goto(url + view);
  // The first screens of it: whole pages are many times as high.
  const height = Math.min(width < 600 ? 1700 : 1500, Number(await page.evaluate('document.documentElement.scrollHeight')));
  await page.screenshot({ path: path.join(out, `${file}.png`), clip: { x: 0, y: 0, width, height }, fullPage: true });
  await page.close();
}
await browser.close();
await stop();
