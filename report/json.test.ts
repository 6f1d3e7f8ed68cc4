import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { failingReport, firstReport, passingReport } from '../testing/reports/report-fixtures.ts';
import { hostileReport } from '../testing/reports/report-poison.ts';
import { checkReportSchema } from './documents/check-report.ts';
import { renderJson } from './json.ts';

describe('the report as JSON', () => {
  it('reads back as the same report', () => {
    for (const report of [failingReport(), passingReport(), firstReport(), hostileReport()]) {
      const text = renderJson(report);
      expect(checkReportSchema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
    }
  });

  it('is the same bytes whatever the order of keys', () => {
    const report = passingReport();
    const reversed = Object.fromEntries(Object.entries(report).toReversed()) as typeof report;
    expect(renderJson(reversed)).toBe(renderJson(report));
  });

  it('refuses a number that JSON cannot say', () => {
    expect(() => renderJson({ ...passingReport(), seconds: Number.NaN })).toThrow(/seconds/);
  });

  it('matches the published schema, which refuses an outcome that is none', () => {
    const schema = JSON.parse(readFileSync(new URL('../docs/schemas/check-report.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(JSON.parse(renderJson(failingReport())))).toBe(true);
    expect(validate({ ...JSON.parse(renderJson(failingReport())), outcome: 'maybe' })).toBe(false);
  });
});
