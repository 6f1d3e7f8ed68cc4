import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failingReport, passingReport } from '../testing/reports/report-fixtures.ts';
import { hostileReport } from '../testing/reports/report-poison.ts';
import { compareReports } from './compare-reports.ts';

const plain = { colour: false, columns: 140 };

describe('two runs beside each other', () => {
  it('say which gates came out otherwise, those first', async () => {
    await expect(compareReports(passingReport(), failingReport(), plain)).toMatchFileSnapshot('__golden__/compared.txt');
  });

  it('say so where nothing did', () => {
    const text = compareReports(failingReport(), failingReport(), plain);
    expect(text).toContain('fail, as before');
    expect(text).toContain('every gate came out as before');
  });

  it('name a model that only one of them judged', () => {
    const report = failingReport();
    const text = compareReports({ ...report, models: [] }, report, plain);
    expect(text).toContain('not judged → fail');
  });

  it('say so where the baselines were not the same', () => {
    const report = failingReport();
    const moved = { ...report, models: report.models.map((model) => ({ ...model, baselines: [] })) };
    expect(compareReports(report, moved, plain)).toContain('held against other baselines');
  });

  it('tell their gates apart where there is little room', () => {
    const report = failingReport();
    const chipset = 'cloud-x86, edge-box, and whatever else stands in a row';
    const models = report.models.map((model) => ({
      ...model,
      findings: model.findings.map((finding) => (finding.dataset === null ? finding : { ...finding, chipset })),
    }));
    const rows = compareReports({ ...report, models }, { ...report, models }, { colour: false, columns: 100 })
      .split('\n')
      .filter((line) => /[●■◇]/.test(line))
      .map((line) => line.slice(0, line.search(/ {2}/)));
    expect(rows.length).toBeGreaterThan(8);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('let no text of a pull request steer a terminal', () => {
    const text = compareReports(hostileReport(), hostileReport(), plain);
    expect(stripVTControlCharacters(text)).toBe(text);
  });
});
