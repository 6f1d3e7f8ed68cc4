import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { digestOf } from '#kernel';
import { describe, expect, it } from 'vitest';
import {
  failingReport,
  firstReport,
  inconclusiveReport,
  passingReport,
  unchangedReport,
  wideReport,
} from '../testing/reports/report-fixtures.ts';
import { hostileReport } from '../testing/reports/report-poison.ts';
import { renderTerminal } from './terminal.ts';

const reports = {
  fail: failingReport(),
  pass: passingReport(),
  inconclusive: inconclusiveReport(),
  first: firstReport(),
  unchanged: unchangedReport(),
  wide: wideReport(),
  hostile: hostileReport(),
};

describe('the report in a terminal', () => {
  for (const [name, report] of Object.entries(reports)) {
    it(`shows ${name} as it did before, wide and narrow`, async () => {
      const wide = renderTerminal(report, { colour: false, columns: 120, writtenTo: '.fieldproof/report/index.html' });
      const narrow = renderTerminal(report, { colour: false, columns: 80 });
      await expect(wide).toMatchFileSnapshot(`__golden__/terminal-${name}-120.txt`);
      await expect(narrow).toMatchFileSnapshot(`__golden__/terminal-${name}-80.txt`);
    });
  }

  it('says how somebody answers for a pass that follows a fail of the same', () => {
    const failedBefore = { record: digestOf('the fail'), on: '2026-09-01' };
    const again = { ...passingReport(), models: passingReport().models.map((each) => ({ ...each, failedBefore })) };
    expect(renderTerminal(again, { colour: false, columns: 100 })).toMatch(
      /answer {4}fieldproof accept --record [0-9a-f]{12} --by/,
    );
    expect(renderTerminal(passingReport(), { colour: false, columns: 100 })).not.toContain('fieldproof accept');
  });

  it('says the verdict in the first word', () => {
    expect(renderTerminal(failingReport(), { colour: false, columns: 100 })).toMatch(/^■ FAIL {2}porch fails/);
    expect(renderTerminal(passingReport(), { colour: false, columns: 100 })).toMatch(/^● PASS {2}porch passes/);
    expect(renderTerminal(inconclusiveReport(), { colour: false, columns: 100 })).toMatch(/^◇ INCONCLUSIVE {2}porch/);
  });

  it('differs by escape sequences alone when coloured', () => {
    const plain = renderTerminal(failingReport(), { colour: false, columns: 100 });
    const coloured = renderTerminal(failingReport(), { colour: true, columns: 100 });
    expect(coloured).toContain('\u001B[31m');
    expect(plain).not.toContain('\u001B');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it.each([80, 100, 140])('keeps every line of an ordinary report within %i columns', (columns) => {
    for (const report of [failingReport(), passingReport(), inconclusiveReport(), firstReport(), wideReport()]) {
      const lines = renderTerminal(report, { colour: false, columns }).split('\n');
      expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
    }
  });

  it('lets no control character of a pull request through', () => {
    expect(renderTerminal(hostileReport(), { colour: false, columns: 120 })).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });

  it('folds the slices that pass when there are hundreds, and names how many', () => {
    const text = renderTerminal(wideReport(), { colour: false, columns: 100 });
    expect(text).toMatch(/and 36\d more slices of event-recall in the full report/);
    expect(text.split('\n').length).toBeLessThan(90);
  });

  it('says unknown where a number is not known, and never zero', () => {
    const line = renderTerminal(failingReport(), { colour: false, columns: 120 })
      .split('\n')
      .find((each) => each.includes('weather=snow'));
    expect(line).toMatch(/unknown +unknown +unknown +unknown/);
    expect(line).not.toContain('0.0');
  });
});
