import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import {
  failingReport,
  firstReport,
  inconclusiveReport,
  passingReport,
  unchangedReport,
  wideReport,
} from '../testing/reports/report-fixtures.ts';
import { hostileReport, poison } from '../testing/reports/report-poison.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { renderMarkdown } from './markdown.ts';

/** As GitHub renders it before its own filters: HTML is let through, so that what gets in is seen. */
function rendered(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

function tagsOf(html: string): string[] {
  return [...html.matchAll(/<!?\/?([a-zA-Z!-][\w-]*)/g)].map(([, name]) => name ?? '').toSorted();
}

describe('escapeMarkdown', () => {
  it.each(poison)('renders %j as nothing but its text', (text) => {
    const html = rendered(`before ${escapeMarkdown(text)}`);
    expect(tagsOf(html)).toEqual(['p', 'p']);
  });

  it.each(poison)('keeps %j one paragraph of text where a line begins', (text) => {
    const html = rendered(escapeMarkdown(text) || 'nothing');
    expect(tagsOf(html)).toEqual(['p', 'p']);
  });

  it.each(poison)('keeps %j in its own table cell', (text) => {
    const html = rendered(`| a | b |\n| --- | --- |\n| ${escapeMarkdown(text)} | last |`);
    expect(html).toContain('<td>last</td>');
    expect(html.match(/<td/g)).toHaveLength(2);
  });

  it('breaks mentions, issue numbers and links, which GitHub looks for in the rendered text', () => {
    const text = rendered(escapeMarkdown('@octocat fixes #1 octo/repo#2 GH-3 https://evil.example www.evil.example a@b.example'));
    expect(text).not.toMatch(/@\w|#\d|GH-\d|:\/\/|www\.e/);
  });

  it('leaves ordinary text as it is to the reader', () => {
    expect(rendered(escapeMarkdown('light=night lost 23.1 points (n = 131), and so on')).replaceAll('\u200B', '')).toBe(
      '<p>light=night lost 23.1 points (n = 131), and so on</p>',
    );
  });
});

describe('the report in Markdown', () => {
  const reports = {
    fail: failingReport(),
    pass: passingReport(),
    inconclusive: inconclusiveReport(),
    first: firstReport(),
    unchanged: unchangedReport(),
    hostile: hostileReport(),
  };
  for (const [name, report] of Object.entries(reports)) {
    it(`shows ${name} as it did before`, async () => {
      await expect(renderMarkdown(report)).toMatchFileSnapshot(`__golden__/markdown-${name}.md`);
    });
  }

  it('opens what failed or is undecided and folds the rest', () => {
    const [open = '', ...folds] = renderMarkdown(failingReport()).split('<details>');
    const folded = folds.join('');
    expect(open).toContain('event-recall light=night');
    expect(open).toContain('add night and infrared footage');
    expect(open).not.toContain('light=day');
    expect(folded).toContain('light=day');
  });

  it('has the tags of its own and no other when everything in it is hostile', () => {
    const allowed = [
      'br',
      'code',
      'details',
      'em',
      'h2',
      'h3',
      'li',
      'p',
      'strong',
      'sub',
      'summary',
      'table',
      'tbody',
      'td',
      'th',
      'thead',
      'tr',
      'ul',
    ];
    expect([...new Set(tagsOf(rendered(renderMarkdown(hostileReport()))))].filter((tag) => !allowed.includes(tag))).toEqual([]);
  });

  it('opens and closes every fold, and stays below what GitHub takes, with 400 slices', () => {
    const text = renderMarkdown(wideReport());
    expect(text.length).toBeLessThan(65_000);
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
    for (let at = 0; at < 400; at += 1) expect(text).toContain(`site=site-${String(at).padStart(3, '0')}`);
  });
});
