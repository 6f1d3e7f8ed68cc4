import { describe, expect, it } from 'vitest';
import { earlierText } from '../testing/worlds/earlier-text.ts';
import { checkReportSchema, parseReport } from './index.ts';
import { renderHtml, renderJson, renderMarkdown, renderTerminal } from './render.ts';

const report = parseReport(earlierText('report.json'), 'report.json');

describe('a report of version 1', () => {
  it('becomes one of today', () => {
    expect(JSON.parse(earlierText('report.json'))).toMatchObject({ version: 1 });
    expect(checkReportSchema.parse(JSON.parse(renderJson(report)))).toMatchObject({ version: 2, outcome: 'fail' });
    expect(report.models[0]?.exhibits.map(({ change }) => change)).toEqual(Array.from({ length: 16 }, () => 'lost'));
  });

  it('is rendered as it was: the terminal to the letter, the page but for the number of its format', () => {
    const page = earlierText('report.html').replace('Report format 1.', 'Report format 2.');
    expect(renderHtml(report)).toBe(page);
    expect(renderTerminal(report, { columns: 100, colour: false })).toBe(earlierText('report.txt'));
  });

  it('is rendered in the Markdown of today, which has changed since', async () => {
    await expect(renderMarkdown(report)).toMatchFileSnapshot('__golden__/markdown-earlier.md');
  });

  it('keeps the clip that its proposal shows to the sites', () => {
    const pin = (word: string) => `{ "image": "registry.example/${word}", "digest": "sha256:${'0'.repeat(64)}" }`;
    const proposal = `{ "repository": "fleet", "branch": "b", "commit": "c", "replay": { "clip": ${pin('clips')}, "runtime": ${pin('runtime')} } }`;
    const text = earlierText('report.json').replace('"proposal": null', `"proposal": ${proposal}`);
    expect(parseReport(text, 'report.json').models[0]?.proposal).toEqual({
      repository: 'fleet',
      branch: 'b',
      commit: 'c',
      clip: { image: 'registry.example/clips', digest: expect.any(String) },
    });
  });

  it.each([
    ['of a version that is to come', (text: string) => text.replace('"version": 1', '"version": 3')],
    ['of today with releases of then', (text: string) => text.replace('"version": 1', '"version": 2')],
    ['with an outcome that is none', (text: string) => text.replaceAll('"outcome": "fail"', '"outcome": "maybe"')],
    ['cut off', (text: string) => text.slice(0, 500)],
  ])('is refused, file and remedy named: one %s', (_, change) => {
    expect(() => parseReport(change(earlierText('report.json')), 'report.json')).toThrow(
      /report\.json[^]*give the report\.json that `fieldproof check --report` wrote/,
    );
  });
});
