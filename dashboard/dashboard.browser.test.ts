import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryIndex, refreshIndex } from '#history';
import { findChromium } from '../testing/browser.ts';
import { porchPictures } from '../testing/reports/report-pictures.ts';
import { hostileReports, shownHistory } from '../testing/worlds/shown-history.ts';
import { pageScript } from './adapters/page-script.ts';
import { servePages, type Serving } from './adapters/serve-pages.ts';
import { allFiles, fileAt, type Site } from './site.ts';

const executablePath = findChromium();
const now = new Date('2026-10-01T12:00:00Z');

type Watched = { page: Page; complaints: string[]; elsewhere: string[] };

describe.skipIf(executablePath === null)('the dashboard in a browser (needs chromium on the PATH)', () => {
  let browser: Browser;
  let site: Site;
  let serving: Serving;
  let folder = '';
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    const { ledger, reports } = await shownHistory(await porchPictures());
    const index = memoryIndex();
    await refreshIndex(index, ledger, null);
    site = { source: { index, reports, title: 'acme/porch', now, before: [] }, script: await pageScript() };
    serving = await servePages(async (path) => await fileAt(path, site), { address: '127.0.0.1', port: 0, hosts: [] });
    folder = mkdtempSync(join(tmpdir(), 'fieldproof-dashboard-'));
  });
  afterAll(async () => {
    await browser.close();
    await serving.stop();
    rmSync(folder, { recursive: true });
  });

  async function lastName(): Promise<string> {
    const [last] = await site.source.index.find({ kinds: ['verdict'], newestFirst: true, page: { skip: 0, limit: 1 } });
    return last?.id.slice('sha256:'.length, 'sha256:'.length + 24) ?? '';
  }

  async function open(url: string, width = 1280): Promise<Watched> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, hasTouch: width < 600 });
    const watched: Watched = { page, complaints: [], elsewhere: [] };
    page.on('console', (message) => void watched.complaints.push(message.text()));
    page.on('pageerror', (thrown) => void watched.complaints.push(String(thrown)));
    page.on('request', (asked) => {
      if (!asked.url().startsWith('data:') && !asked.url().startsWith(new URL('.', url).href))
        watched.elsewhere.push(asked.url());
    });
    await page.goto(url);
    return watched;
  }

  /** What a head of vision wants to know: which change failed, on what, and what it looks like. */
  async function walk({ page, complaints, elsewhere }: Watched, follow: (page: Page, name: RegExp) => Promise<void>) {
    await expectHeading(page, 'acme/porch');
    await follow(page, /^Iterations$/);
    await expectHeading(page, 'Iterations');
    await follow(page, /^porch 9c0e7a55d$/);
    await expectHeading(page, 'Fails');
    await follow(page, /person missed, found before/);
    const shown = await page
      .locator('.film li.now img')
      .first()
      .evaluate(async (image: { naturalWidth: number; decode: () => Promise<void> }) => {
        await image.decode();
        return image.naturalWidth;
      });
    await page.close();
    return { shown, complaints, elsewhere };
  }

  /** The picture at the end is there, and nothing else was asked for or complained of. */
  const ARRIVED = { shown: 320, complaints: [], elsewhere: [] };

  async function expectHeading(page: Page, words: string): Promise<void> {
    // A page that was followed to is there in a moment, on a machine that does other things too.
    await page.locator('h1', { hasText: words }).waitFor();
  }

  const clicking = async (page: Page, name: RegExp) => await page.getByRole('link', { name }).first().click();

  async function tabbing(page: Page, name: RegExp): Promise<void> {
    for (let steps = 0; steps < 80; steps += 1) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      if ((await focused.count()) === 1 && name.test((await focused.getAttribute('aria-label')) ?? (await focused.innerText())))
        break;
    }
    await page.keyboard.press('Enter');
    await page.waitForLoadState();
  }

  it('is walked from the overview to the frame that failed, by mouse', async () => {
    expect(await walk(await open(serving.url), clicking)).toEqual(ARRIVED);
  });

  it('is walked the same way by keyboard alone', async () => {
    expect(await walk(await open(serving.url), tabbing)).toEqual(ARRIVED);
  });

  it('is walked the same way on a phone, and nothing is wider than it', async () => {
    const watched = await open(serving.url, 390);
    for (const path of [
      'index.html',
      'places.html',
      'iterations/latest.html',
      'field.html',
      'calibration.html',
      'chipsets.html',
      'alarms.html',
    ]) {
      await watched.page.goto(serving.url + path);
      expect([path, await watched.page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 390]);
    }
    await watched.page.goto(serving.url);
    expect(await walk(watched, async (page, name) => await page.getByRole('link', { name }).first().tap())).toEqual(ARRIVED);
  });

  it('is walked the same way in a folder of files', async () => {
    for await (const { path, text } of allFiles(site)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    expect(await walk(await open(pathToFileURL(join(folder, 'index.html')).href), clicking)).toEqual(ARRIVED);
  });

  it('plays what is around a moment, side by side, by button and by slider', async () => {
    const { page } = await open(`${serving.url}iteration/${await lastName()}/1.html`);
    const moment = async () => await page.locator('.frames li.now h3').innerText();
    expect(await page.locator('.frames li.now figcaption').allInnerTexts()).toEqual([
      'Baseline: person 0.81',
      'Candidate: nothing misses person',
    ]);
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    expect(await moment()).toBe('10.0 s');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(await moment()).toBe('13.5 s');
    await page.goto(`${serving.url}iteration/${await lastName()}/2.html`);
    expect(await page.locator('.stage').first().locator('rect').count()).toBe(2);
    await page.close();
  });

  it('goes by keys: a digit to a view, j and k from row to row', async () => {
    const { page } = await open(serving.url);
    await page.keyboard.press('3');
    await page.waitForURL(/iterations\/latest/);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await page.locator('tbody th a').nth(1).innerText();
    expect(await page.locator(':focus').innerText()).toBe(second);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('keeps the rules of accessibility that axe knows, %s', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme });
    for (const path of [
      'index.html',
      'places.html',
      'iterations/latest.html',
      `iteration/${await lastName()}.html`,
      `iteration/${await lastName()}/1.html`,
      'field.html',
      'calibration.html',
      'chipsets.html',
      'alarms.html',
      'site/site-1.html',
    ]) {
      await page.goto(serving.url + path);
      // The policy of the page keeps out a script that is put into it, so axe comes as the debugger's own.
      const found = await page.evaluate(
        `${axe.source}; axe.run(${colorScheme === 'dark' ? "{ runOnly: ['color-contrast'] }" : ''})`,
      );
      const { violations } = found as { violations: { id: string; impact: string; nodes: { html: string }[] }[] };
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect([path, grave.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([path, []]);
    }
    await page.close();
  });

  it('does nothing that a name in the ledger says', async () => {
    const index = memoryIndex();
    const { ledger, reports } = await hostileReports();
    await refreshIndex(index, ledger, null);
    const hostile: Site = {
      source: { index, reports, title: '<script>alert(1)</script>', now, before: [] },
      script: await pageScript(),
    };
    const own = await servePages(async (path) => await fileAt(path, hostile), { address: '127.0.0.1', port: 0, hosts: [] });
    const watched = await open(own.url);
    watched.page.on('dialog', () => void watched.complaints.push('a dialog'));
    for await (const { path, type } of allFiles(hostile)) if (type === 'html') await watched.page.goto(own.url + path);
    expect([watched.complaints, watched.elsewhere]).toEqual([[], []]);
    await watched.page.close();
    await own.stop();
  });
});
