import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import {
  failingReport,
  firstReport,
  inconclusiveReport,
  passingReport,
  report,
  unchangedReport,
  wideReport,
} from '../testing/reports/report-fixtures.ts';
import { model } from '../testing/reports/report-model.ts';
import { porchPictures } from '../testing/reports/report-pictures.ts';
import { hostileReport } from '../testing/reports/report-poison.ts';
import { renderHtml } from './html.ts';

type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.Node;

function elementsOf(page: string): Element[] {
  const walk = (node: Node): Element[] =>
    'childNodes' in node ? node.childNodes.flatMap((child) => ('tagName' in child ? [child, ...walk(child)] : walk(child))) : [];
  return walk(parse(page));
}

function errorsOf(page: string): string[] {
  const errors: string[] = [];
  // SVG's self-closing tags and our doctype are standard; anything that the parser has to repair is not.
  parse(page, { onParseError: ({ code, startLine, startCol }) => errors.push(`${code} at ${startLine}:${startCol}`) });
  return errors;
}

const reports = {
  fail: failingReport(),
  pass: passingReport(),
  inconclusive: inconclusiveReport(),
  first: firstReport(),
  unchanged: unchangedReport(),
  wide: wideReport(),
  hostile: hostileReport(),
  empty: report({ models: [], notes: [] }),
};

describe('the report as a page', () => {
  it.each(Object.entries(reports))('is well-formed HTML: %s', (_, each) => {
    expect(errorsOf(renderHtml(each))).toEqual([]);
  });

  it.each(Object.entries(reports))('fetches nothing and runs nothing: %s', (_, each) => {
    const elements = elementsOf(renderHtml(each));
    const attributes = elements.flatMap(({ tagName, attrs }) => attrs.map(({ name, value }) => ({ tagName, name, value })));
    expect(elements.map(({ tagName }) => tagName)).not.toContain('script');
    expect(attributes.filter(({ name }) => name.startsWith('on'))).toEqual([]);
    const addresses = attributes.filter(({ name }) => ['src', 'href', 'xlink:href', 'srcset', 'action', 'data'].includes(name));
    expect(addresses.filter(({ value }) => !value.startsWith('data:'))).toEqual([]);
    expect(attributes.filter(({ name, value }) => name === 'style' && value.includes('url('))).toEqual([]);
  });

  it('has the same elements whether its texts are hostile or not', () => {
    const kinds = new Set(elementsOf(renderHtml(reports.hostile)).map(({ tagName }) => tagName));
    const known = new Set(elementsOf(renderHtml(reports.fail)).map(({ tagName }) => tagName));
    expect([...kinds].filter((kind) => !known.has(kind))).toEqual([]);
  });

  it('forbids scripts and fetching by policy, should an escape ever fail', () => {
    expect(renderHtml(reports.pass)).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  });

  it('says verdict, gate and certainty before anything else', () => {
    const [top = ''] = renderHtml(reports.fail).split('</header>');
    for (const text of ['Fails', 'event recall, light = night', '−23.1 pp', 'All of the interval is beyond the margin.'])
      expect(top).toContain(text);
  });

  it('shows pictures with a text for who cannot see them, and none that is not a JPEG in base64', async () => {
    const pictures = await porchPictures();
    const images = elementsOf(renderHtml(failingReport(pictures))).filter(({ tagName }) => tagName === 'img');
    expect(images).toHaveLength(pictures.length);
    for (const { attrs } of images) expect(attrs.find(({ name }) => name === 'alt')?.value).toMatch(/missed|alarm|found/);
    expect(renderHtml(reports.hostile)).not.toContain('<img ');
  });

  it('labels every plot with its numbers in words', () => {
    const plots = elementsOf(renderHtml(reports.fail)).filter(({ attrs }) =>
      attrs.some(({ name, value }) => name === 'role' && value === 'img'),
    );
    expect(plots.length).toBeGreaterThan(15);
    for (const { attrs } of plots) expect(attrs.find(({ name }) => name === 'aria-label')?.value).toMatch(/\S/);
  });

  it('says unknown where a number is missing', () => {
    const page = renderHtml(
      report({ models: [model({ sites: [{ name: 'far', chipset: 'edge-box', payloadBytes: null, transferSeconds: null }] })] }),
    );
    const row = page.slice(page.indexOf('far'), page.indexOf('</tr>', page.indexOf('far')));
    expect(row.match(/unknown/g)).toHaveLength(2);
    expect(row).not.toContain('0 B');
  });

  it('says that a runner was not sandboxed', () => {
    expect(renderHtml(reports.fail)).toContain('not sandboxed');
    expect(renderHtml(reports.pass)).not.toContain('not sandboxed');
  });

  it('stays below a megabyte with 400 slices, with most of them folded', () => {
    const page = renderHtml(reports.wide);
    expect(page.length).toBeLessThan(1_000_000);
    expect(page).toContain('387 more slices of event recall');
  });

  it('has no number in a picture that is none', () => {
    for (const each of Object.values(reports)) expect(renderHtml(each)).not.toMatch(/="[^"]*(NaN|Infinity)/);
  });
});
