import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import {
  failingReport,
  firstReport,
  inconclusiveReport,
  passingReport,
  report,
  unchangedReport,
  wideReport,
} from '../../testing/reports/report-fixtures.ts';
import { model } from '../../testing/reports/report-model.ts';
import { commandPoison, hostileReport } from '../../testing/reports/report-poison.ts';
import type { CheckReport } from '../documents/check-report.ts';
import { fitToLimit, type Section } from './fit-to-limit.ts';
import { CHECK_OUTPUT, COMMENT, JOB_SUMMARY } from './limits.ts';
import { NO_LINKS } from './links.ts';
import { commentMarker, renderCheckRun, renderComment, renderJobSummary } from './render-verdict.ts';

const marker = commentMarker('Fieldproof');
const plain = { pictures: new Map(), links: NO_LINKS, remarks: [] };
const comment = (given: CheckReport) => renderComment(given, { ...plain, marker });

function rendered(markdown: string): string {
  const extensions = { extensions: [gfm()], htmlExtensions: [gfmHtml()] };
  return micromark(markdown, { allowDangerousHtml: true, allowDangerousProtocol: true, ...extensions });
}

const reports = {
  fail: failingReport(),
  pass: passingReport(),
  inconclusive: inconclusiveReport(),
  first: firstReport(),
  unchanged: unchangedReport(),
  hostile: hostileReport(),
};

describe('what is published on GitHub', () => {
  for (const [name, given] of Object.entries(reports)) {
    it(`shows ${name} as it did before`, async () => {
      const { title, summary, text } = renderCheckRun(given, plain);
      await expect(`${title}\n=== summary\n${summary}\n=== text\n${text}`).toMatchFileSnapshot(`__golden__/check-${name}.md`);
      await expect(comment(given)).toMatchFileSnapshot(`__golden__/comment-${name}.md`);
    });
  }

  it('says in the title of an undecided check that it is', () => {
    expect(renderCheckRun(inconclusiveReport(), plain).title).toMatch(/^porch is undecided: /);
    const unjudged = { ...inconclusiveReport(), models: [], headline: 'The base has no fieldproof.yaml.' };
    expect(renderCheckRun(unjudged, plain).title).toBe('Undecided: The base has no fieldproof.yaml.');
  });

  it('says how a pass that follows a fail of the same is deployed all the same, and of no other pass', () => {
    const failedBefore = { record: digestOf('the fail'), on: '2026-09-01' };
    const again = { ...passingReport(), models: passingReport().models.map((each) => ({ ...each, failedBefore })) };
    for (const shown of [comment(again), renderCheckRun(again, plain).summary])
      expect(shown).toMatch(
        /\*\*To deploy it although it failed before\*\*, .*\n\n```text\n\/fieldproof accept until 2026-10-14 because/,
      );
    expect(comment(passingReport())).not.toContain('/fieldproof accept');
  });

  it('opens what changed and folds what passed', () => {
    const [open = '', ...folds] = comment(failingReport()).split('<details>');
    expect(open).toContain('add night and infrared footage');
    expect(open).toContain('| bench top1 |');
    expect(open).not.toContain('light=day');
    expect(folds.join('')).toContain('light=day');
  });

  it('shows pictures only where they are stored', () => {
    const given = failingReport();
    const [first] = given.models[0]?.exhibits ?? [];
    expect(comment(given)).not.toContain('<img');
    const pictures = new Map(first === undefined ? [] : [[first, 'https://pictures.example/a(b).jpg']]);
    expect(renderComment(given, { ...plain, pictures, marker })).toContain(
      '<img src="https://pictures.example/a(b).jpg" width="220" alt="picture">',
    );
  });

  it('says beside the verdict what this way of publishing cannot promise', () => {
    const { summary } = renderCheckRun(passingReport(), { ...plain, remarks: ['Anybody could have written @this.'] });
    expect(summary).toContain('Anybody could have written &#64;');
    expect(summary.indexOf('Keep in mind')).toBeGreaterThan(summary.indexOf('passes'));
  });

  it('has the tags of its own and no other, no mention and no second marker, when everything is hostile', () => {
    const given = hostileReport();
    const poisoned = { ...given, headline: [...commandPoison, marker, given.headline].join(' ') };
    const own = 'br code details em img h2 h3 li p strong sub summary table tbody td th thead tr ul'.split(' ');
    const pictures = new Map(given.models.flatMap(({ exhibits }) => exhibits.map((each) => [each, 'https://p.example/1.jpg'])));
    for (const text of [
      comment(poisoned),
      renderJobSummary(poisoned, { ...plain, pictures }),
      renderJobSummary(poisoned, plain),
      ...Object.values(renderCheckRun(poisoned, plain)).slice(1),
    ]) {
      const html = rendered(text.replace(marker, ''));
      const tags = [...html.matchAll(/<!?\/?([a-zA-Z!-][\w-]*)/g)].map(([, name]) => name ?? '');
      expect([...new Set(tags)].filter((tag) => !own.includes(tag))).toEqual([]);
      expect(html.replaceAll('\u200B', '\0')).not.toMatch(/@\w|(?<!&)#\d|<!--/);
    }
  });
});

/** A hundred thousand letters wherever a name goes. */
function endlessReport(): CheckReport {
  const endless = '─'.repeat(100_000);
  const wide = wideReport();
  const [first] = wide.models;
  return report({
    ...wide,
    headline: endless,
    models: Array.from({ length: 12 }, (_, at) => model({ ...first, model: `${at}${endless}`, notes: [endless] })),
    notes: [endless],
  });
}

describe('limits', () => {
  it('shows 400 slices whole where they fit, with their intervals drawn where there is room', () => {
    const given = wideReport();
    const { summary, text } = renderCheckRun(given, plain);
    const everything = summary + text;
    for (let at = 0; at < 400; at += 1) expect(everything).toContain(`site-${String(at).padStart(3, '0')}`);
    expect(CHECK_OUTPUT.size(text)).toBeLessThanOrEqual(65_535);
    const whole = renderJobSummary(given, plain);
    expect(whole).not.toContain('Left out');
    expect(whole.match(/`[^`\n]*[─●■◇╎│┼╪][^`\n]*`/g)?.length).toBeGreaterThanOrEqual(400);
  });

  it.each([
    ['400 slices', wideReport()],
    ['names without end', endlessReport()],
    ['everything hostile', hostileReport()],
  ])('are kept with %s, and every fold is closed', (_, given) => {
    const { title, summary, text } = renderCheckRun(given, plain);
    expect(Array.from(title).length).toBeLessThanOrEqual(255);
    for (const [limit, shown] of [
      [CHECK_OUTPUT, summary],
      [CHECK_OUTPUT, text],
      [COMMENT, comment(given)],
      [JOB_SUMMARY, renderJobSummary(given, plain)],
    ] as const) {
      expect(limit.size(shown)).toBeLessThanOrEqual(limit.most);
      expect(shown.match(/<details>/g)?.length).toBe(shown.match(/<\/details>/g)?.length);
    }
  });

  it('cut what matters least first, and say what is missing and where it is', () => {
    const given = endlessReport();
    expect(comment(given)).toMatch(
      /_Left out, being too long for GitHub: .* All of it is in the check and in the report of the run\._$/,
    );
    expect(comment(given)).toContain('Fieldproof: fails');
  });

  it('are kept by any sections, of which none that may stay is touched while a lesser one could go', () => {
    const section = fc.record({ name: fc.string({ maxLength: 30 }), rank: fc.nat(5), long: fc.nat(400) });
    fc.assert(
      fc.property(fc.array(section, { maxLength: 12 }), fc.integer({ min: 200, max: 900 }), (drawn, most) => {
        const sections = drawn.map(({ name, rank, long }): Section => {
          const text = `${'x'.repeat(long)}.`;
          return { name, rank: rank + 1, versions: [text, text.slice(Math.floor(long / 2)), ''].map((each) => () => each) };
        });
        const shown = fitToLimit(sections, { most, size: (text) => text.length }, 'elsewhere');
        expect(shown.length).toBeLessThanOrEqual(most);
        const whole = sections.map(({ versions }) => versions[0]?.() ?? '').join('\n\n').length + 2;
        expect(shown.includes('Left out')).toBe(whole > most);
      }),
    );
  });
});
