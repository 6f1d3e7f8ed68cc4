import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { auditReportSchema, type AuditedGate, type AuditReport } from './documents/audit-report.ts';
import { renderAuditPage } from './audit-page.ts';
import { renderAudit, renderAuditJson } from './audit-view.ts';
import { detectionCurve } from './html/detection-curve.ts';

const gate: AuditedGate = {
  gate: 'top1 on bench',
  metric: 'top1',
  where: 'bench',
  margin: 0.02,
  unit: 'fraction',
  doses: [
    { target: 0, loss: -0.1, judged: 20, failed: 0, passed: 12 },
    { target: 2, loss: 2.05, judged: 20, failed: 19, passed: 0 },
  ],
  wakesAt: 2,
  insufficient: null,
  note: null,
};
const hostile = '<img src=x onerror=alert(1)>\u001B[31m';
const report: AuditReport = {
  version: 1,
  ref: 'a'.repeat(40),
  at: '2026-03-01T12:00:00.000Z',
  seconds: 61,
  seed: 1,
  runner: { name: 'process', sandboxed: false },
  models: [
    {
      model: 'porch',
      deployed: digestOf('m'),
      chipset: hostile,
      policy: digestOf('p'),
      gates: [
        gate,
        {
          ...gate,
          gate: 'event-recall on street',
          metric: 'event-recall',
          where: 'street',
          insufficient: '40 clips tell little',
        },
        { ...gate, gate: 'latency-p50 on *', where: '*', unit: 'ratio', doses: [], wakesAt: null, note: 'not asked for' },
      ],
      changes: [
        {
          change: 'channels',
          title: 'Channels flipped',
          steps: [
            {
              strength: 'bgr for rgb',
              outcome: 'fail',
              gates: [{ gate: 'top1 on bench', loss: 28.5, outcome: 'fail' }],
              reason: null,
            },
            { strength: 'more', outcome: 'refused', gates: [], reason: hostile },
          ],
          left: null,
        },
        { change: 'alignment', title: 'Alignment forgotten', steps: [], left: hostile },
      ],
      falseFails: { count: 0, of: 20, low: 0, high: 0.119 },
      falsePasses: null,
      caught: { count: 19, of: 20, low: 0.8, high: 0.99 },
      changesCaught: { count: 1, of: 1, low: 0.27, high: 1 },
    },
  ],
};
const text = renderAudit(report, { colour: false, columns: 100 });
const page = renderAuditPage(report);

describe('an audit', () => {
  it('is told in the terminal: rates with their intervals, when gates wake up, what changes cost', () => {
    expect(text).toMatch(/Nothing was lost, and a gate failed it +0 of 20 \(0\.0% to 12%\)/);
    expect(text).toMatch(/The whole margin was lost, and a gate passed it +unknown/);
    expect(text).toMatch(/top-1 accuracy on bench, margin 2\.0 pp +awake from 2 margins on/);
    expect(text).toMatch(/every chipset, margin 2\.0 pp +not asked for/);
    expect(text).toMatch(/Channels flipped +bgr for rgb +fail +28\.5 margins/);
    expect(text).toMatch(/event recall on street, .* +awake from 2 margins on; insufficient for twice\n/);
    expect(text).toMatch(/· event recall on street, .*: insufficient: 40 clips tell little\.\n/);
    expect(text).toMatch(/· Alignment forgotten does not apply: /);
    expect(text.split('\n')[1]).toMatch(/^ {2}Nothing was lost/);
  });

  it('shows nothing of a model that could act, on a page or in a terminal', () => {
    expect(page).not.toMatch(/<img|onerror=alert\(1\)>/);
    expect(page + text).not.toContain('\u001B');
  });

  it('draws a curve where there is one, and says why where there is none', () => {
    expect(page.match(/class="curve"/g)).toHaveLength(2);
    expect(page).toMatch(/not asked for/);
  });

  it('is read back as it was written', () => {
    expect(auditReportSchema.parse(JSON.parse(renderAuditJson(report)))).toEqual(report);
  });
});

describe('a detection curve', () => {
  const { text: svg } = detectionCurve(gate);

  it('says in words what it shows', () => {
    expect(svg).toMatch(
      /aria-label="top1 on bench: of 20 that lost -0\.1 margins 0 failed and 12 passed; of 20 that lost 2\.0 margins 19 failed and 0 passed\. It wakes up at 2 margins\."/,
    );
  });

  it('stays within its box: no number is none', () => {
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const [, width = '0', height = '0'] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    for (const [, axis, value] of svg.matchAll(/\b([xy])[12]?="(-?[\d.]+)"/g))
      expect(Number(value)).toBeLessThanOrEqual(Number(axis === 'x' ? width : height));
    for (const [, value] of svg.matchAll(/\b[xy][12]?="(-?[\d.]+)"/g)) expect(Number(value)).toBeGreaterThanOrEqual(-5);
  });
});
