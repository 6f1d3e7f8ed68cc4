import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, visitPage } from '../testing/browser.ts';
import { failingReport, wideReport } from '../testing/reports/report-fixtures.ts';
import { porchPictures } from '../testing/reports/report-pictures.ts';
import { hostileReport } from '../testing/reports/report-poison.ts';
import { renderHtml } from './html.ts';

const chromium = findChromium();

describe.skipIf(chromium === null)('the page in a browser (needs chromium on the PATH)', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'fieldproof-page-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function visit(name: string, page: string, width = 1280) {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, page);
    const visited = await visitPage(chromium ?? '', pathToFileURL(file).href, width);
    return {
      ...visited,
      elsewhere: visited.requests.filter((url) => !url.startsWith('data:') && !url.endsWith(`/${name}.html`)),
    };
  }

  it('asks for nothing and complains of nothing, pictures and all', async () => {
    const { elsewhere, complaints, requests } = await visit('fail', renderHtml(failingReport(await porchPictures())));
    expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] });
    expect(requests.filter((url) => url.startsWith('data:image/jpeg'))).toHaveLength(8);
  });

  it('asks for nothing when every text in it is hostile', async () => {
    const { elsewhere, complaints } = await visit('hostile', renderHtml(hostileReport()));
    expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] });
  });

  it.each([
    ['fail', failingReport(), 390],
    ['hostile', hostileReport(), 320],
    ['wide', wideReport(), 390],
  ] as const)('fits a phone without scrolling sideways: %s', async (name, report, width) => {
    expect((await visit(name, renderHtml(report), width)).width).toBe(width);
  });

  it('would notice a page that fetches, and the policy would stop it', async () => {
    const leaky = '<img src="http://127.0.0.1:9/pixel.png">';
    expect((await visit('leaky', leaky)).elsewhere).toEqual(['http://127.0.0.1:9/pixel.png']);
    const { complaints } = await visit('stopped', renderHtml(failingReport()).replace('</main>', `${leaky}</main>`));
    expect(complaints.join(' ')).toMatch(/Content Security Policy/);
  });
});
