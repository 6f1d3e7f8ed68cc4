/**
 * How long a long history takes to be indexed and each model of it to be judged, how long each view of it takes in a browser, beside an empty
 * page in the same run, and how much memory the page holds: pages that are kept, and pages that are made anew each time.
 *
 *     node bench/dashboard.ts [--iterations 10000] [--rounds 40]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { fileAt, siteAsOf } from '#dashboard';
import { pageScript, servePages } from '#dashboard/adapters';
import { asWritten, readConfidences, refreshIndex } from '#history';
import { sqliteIndex } from '#history/adapters';
import { systemClock } from '#kernel';
import { GitLedger } from '#ledger/adapters';
import { findChromium } from '../testing/browser.ts';
import { porchPictures } from '../testing/reports/report-pictures.ts';
import { longHistory } from '../testing/worlds/long-history.ts';
import { shownHistory } from '../testing/worlds/shown-history.ts';

const { values: asked } = parseArgs({
  options: { iterations: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '40' } },
});
/** Pages that are looked at for how long the processor takes. */
const LOOKS = 8;
const [iterations, rounds] = [Number(asked.iterations), Number(asked.rounds)];
const folder = mkdtempSync(join(tmpdir(), 'fieldproof-bench-dashboard-'));
execFileSync('git', ['init', '--quiet', folder]);
const ledger = new GitLedger({ folder, environment: process.env, clock: systemClock, checkpoints: join(folder, 'checkpoints') });
const { reports, verdicts } = await shownHistory(await porchPictures(), { iterations: 0 });
const facts = [...longHistory({ iterations, datasets: 20, sites: 50 }), ...verdicts].map((fact) => asWritten(fact));
await ledger.append(facts);

const index = sqliteIndex(join(folder, 'index.sqlite'));
const processor = process.cpuUsage();
const rebuilt = await clocked(async () => await refreshIndex(index, ledger, null));
const spent = process.cpuUsage(processor);
console.log(
  `${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(0)}; ${iterations} iterations, 20 datasets, 50 sites: ${facts.length} facts`,
);
console.log(
  `index from nothing, out of Git: ${(rebuilt / 1000).toFixed(1)} s, ${((spent.user + spent.system) / 1e6).toFixed(1)} s of this process, ${(statSync(join(folder, 'index.sqlite')).size / 2 ** 20).toFixed(0)} MiB`,
);

for (const what of ['of all models, from nothing', 'noted before'])
  console.log(`confidence, ${what}: ${milliseconds(await clocked(async () => await readConfidences(index, 0.01)))}`);

const script = await pageScript();
const started = new Date();
const source = { index, reports, title: 'acme/porch', now: started, before: [] };
const make = () => ({ source, script });
const keeping = siteAsOf(make, async () => void (await refreshIndex(index, ledger, null)));
let find = keeping;
const empty = {
  path: 'empty.html',
  type: 'html' as const,
  text: '<!doctype html><html lang="en"><title>empty</title><h1>empty</h1></html>',
};
const { url, stop } = await servePages(async (path) => (path === empty.path ? empty : await find(path)), {
  address: '127.0.0.1',
  port: 0,
  hosts: [],
});
const [last] = await index.find({ kinds: ['verdict'], newestFirst: true, page: { skip: 0, limit: 1 } });
const name = last?.id.slice('sha256:'.length, 'sha256:'.length + 24) ?? '';
const views = [
  'index.html',
  'places.html',
  'iterations/latest.html',
  'iterations/50.html',
  'iterations/model-3/latest.html',
  `iteration/${name}.html`,
  `iteration/${name}/1.html`,
  'field.html',
  'calibration.html',
  'clock.html',
  'chipsets.html',
  'alarms.html',
  'site/site-7.html',
];

const browser = await chromium.launch({
  executablePath: findChromium() ?? '',
  args: ['--no-sandbox', '--enable-precise-memory-info'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const processes = await browser.newBrowserCDPSession();
const protocol = await page.context().newCDPSession(page);
const first = new Map<string, number>();
for (const view of views) first.set(view, await clocked(async () => await show(view, page)));
const timesOf = () => new Map<string, number[]>([empty.path, ...views].map((view) => [view, []]));
const [times, anew] = [timesOf(), timesOf()];
for (let round = 0; round < rounds; round += 1)
  for (const view of views) {
    for (const each of [empty.path, view]) times.get(each)?.push(await clocked(async () => await show(each, page)));
    find = async (path) => await fileAt(path, make());
    anew.get(view)?.push(await clocked(async () => await show(view, page)));
    find = keeping;
  }

console.log(
  '| view | made and shown first | p50 | p95 | made anew: p50 | p95 | processor, of one made anew | memory of its process | elements | sent |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
);
for (const view of [empty.path, ...views]) {
  const spentOnOne = await processorOf(view);
  await show(view, page);
  await protocol.send('HeapProfiler.collectGarbage');
  const memory = await rendererMemory();
  const nodes = Number(await page.evaluate('document.querySelectorAll("*").length'));
  const size = (await find(view))?.text.length ?? empty.text.length;
  const [kept, made] = [times.get(view) ?? [], anew.get(view) ?? []];
  const shown = [first.get(view), quantile(kept, 0.5), quantile(kept, 0.95), quantile(made, 0.5), quantile(made, 0.95)];
  console.log(
    `| ${view.replace(name, 'x')} | ${shown.map((each) => milliseconds(each)).join(' | ')} | ${milliseconds(spentOnOne)} | ${memory.toFixed(0)} MiB | ${nodes} | ${(size / 1024).toFixed(0)} KiB |`,
  );
}
await browser.close();
await stop();
await index.close();
rmSync(folder, { recursive: true });

/** Until it has loaded, is laid out, and has been drawn once. */
async function show(view: string, on: Page): Promise<void> {
  await on.goto(url + view, { waitUntil: 'load', timeout: 300_000 });
  await on.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
}

/** What the browser's processes and this one need for one look at a page that is made anew: what it would take where nobody else is. */
async function processorOf(view: string): Promise<number> {
  const before = await usedByNow();
  for (let look = 0; look < LOOKS; look += 1) {
    if (view !== empty.path) find = async (path) => await fileAt(path, make());
    await show(view, page);
    find = keeping;
  }
  return ((await usedByNow()) - before) / LOOKS;
}

/** Milliseconds of the processor. */
async function usedByNow(): Promise<number> {
  const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
  const { user, system } = process.cpuUsage();
  return processInfo.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, (user + system) / 1000);
}

/** What the renderers hold of their own, and their share of what is shared, as Linux counts it. */
async function rendererMemory(): Promise<number> {
  const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
  const sizes = processInfo.flatMap(({ type, id: pid }) =>
    type !== 'renderer' ? [] : Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024,
  );
  return Math.max(0, ...sizes);
}

async function clocked(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function milliseconds(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '–' : `${value.toFixed(0)} ms`;
}
