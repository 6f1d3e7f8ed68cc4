import { digestOf, digestOfJson } from '#kernel';
import type { ReportShelf } from '#dashboard';
import { appendFacts, asWritten, type AnyFact, type VerdictFact } from '#history';
import type { CheckReport, Exhibit, ModelReport } from '#report';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { failingReport } from '../reports/report-fixtures.ts';
import { boxed, filmed } from '../reports/report-model.ts';
import { hostileReport, poison } from '../reports/report-poison.ts';
import { longHistory, type LongHistory } from './long-history.ts';

/** A history to be looked at: some forty iterations, and a last one whose check left a report with pictures. */
export async function shownHistory(pictures: readonly string[] = [], history: Partial<LongHistory> = {}) {
  const report = filmedReport(pictures);
  const facts = [...longHistory({ iterations: 40, datasets: 4, sites: 5, models: 2, ...history })];
  const verdicts = report.models.map((model) => verdictOn(report, model));
  const ledger = new MemoryLedger();
  await appendFacts(ledger, [...facts, ...verdicts]);
  return { ledger, reports: shelfOf(report, verdicts), verdicts };
}

/** What went missing first is a clip, and what came second a picture with boxes. */
function filmedReport(pictures: readonly string[]): CheckReport {
  const report = failingReport(pictures);
  const [first] = pictures;
  if (first === undefined) return report;
  const films = [filmed(pictures), boxed(pictures[6] ?? first)];
  const withFilms = (model: ModelReport): ModelReport => ({
    ...model,
    exhibits: model.exhibits.map((exhibit, index) => (films[index] === undefined ? exhibit : { ...exhibit, film: films[index] })),
  });
  return { ...report, models: report.models.map(withFilms) };
}

/** The same history, where every text that a pull request could have brought is one of those that are to be taken for something else. */
export async function hostileHistory() {
  let next = 0;
  const spoilt = (value: unknown): unknown => {
    if (typeof value === 'string') return isFree(value) ? (poison[next++ % poison.length] ?? '') : value;
    if (Array.isArray(value)) return value.map((each) => spoilt(each));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, KEPT.has(key) ? each : spoilt(each)]));
  };
  const ledger = new MemoryLedger();
  for (const fact of longHistory({ iterations: 12, datasets: 2, sites: 3, models: 2, seed: 4 }))
    await appendFacts(ledger, [spoilt(fact) as AnyFact]);
  const alarm = {
    kind: 'shift' as const,
    model: poison[0] ?? '',
    site: poison[2] ?? '',
    signal: poison[1] ?? '',
    state: 'raised' as const,
  };
  const nights = {
    raised: '2024-02-01',
    started: poison[3] ?? '',
    ended: null,
    why: null,
    statistic: poison[4] ?? '',
    slice: poison[5] ?? '',
  };
  await appendFacts(ledger, [{ ...alarm, ...nights, before: 1, since: 2, evidence: 3, needed: 4, falseAlarmRate: 0.1 }]);
  return ledger;
}

/** That history, and a report that its ledger bears out, all of whose texts, frames and boxes are of the same kind. */
export async function hostileReports() {
  const ledger = await hostileHistory();
  const report = { ...hostileReport(), startedAt: '2024-03-01T08:00:00.000Z' };
  const film = (at: number): NonNullable<Exhibit['film']> => {
    const [text = '', other = ''] = [poison[at % poison.length], poison[(at + 7) % poison.length]];
    const frame = { at: at % 2 === 0 ? 1 : null, width: 320, height: 180 };
    return {
      frames: [
        { ...frame, jpeg: 'AAAA' },
        { ...frame, jpeg: `AAAA" onload="alert(1)` },
        { ...frame, jpeg: text },
      ],
      boxes: [{ role: 'candidate', label: text, score: 1e308, x1: -1e9, y1: Number.MAX_VALUE, x2: 0, y2: 0 }],
      spans: [{ role: 'reference', label: other, score: null, start: 0, end: 2 }],
    };
  };
  const models = report.models.map((model) => ({
    ...model,
    exhibits: model.exhibits.map((each, at) => ({ ...each, film: film(at) })),
  }));
  const verdicts = models.map((model) => verdictOn(report, model));
  await appendFacts(ledger, verdicts);
  return { ledger, reports: shelfOf({ ...report, models }, verdicts) };
}

/** What is no text of anybody's: kinds, states, records and commits that other facts are found by. */
const KEPT = new Set([
  'kind',
  'state',
  'outcome',
  'history',
  'release',
  'candidate',
  'reference',
  'head',
  'verdict',
  'prediction',
  'hold',
  'fleetCommit',
  'at',
  'until',
]);

function isFree(value: string): boolean {
  return !/^sha256:[0-9a-f]{64}$/.test(value);
}

export function verdictOn(report: CheckReport, model: ModelReport): VerdictFact {
  return {
    kind: 'verdict',
    model: model.model,
    base: report.base,
    head: '9c0e7a55d1f29c0e7a55d1f29c0e7a55d1f29c0e',
    tree: 'f'.repeat(40),
    policy: digestOf('policy'),
    candidate: model.candidate,
    references: model.baselines.map(({ release }) => ({ release, role: 'baseline' })),
    history: model.history,
    outcome: model.outcome,
    superior: false,
    seed: report.seed,
    runner: report.runner,
    findings: model.findings
      .filter(({ role }) => role !== 'watches')
      .map(({ metric, dataset, chipset, slice, against, outcome, gain }) => ({
        metric,
        where: [dataset, chipset, slice?.value, against].filter((part) => part != null).join(' '),
        outcome,
        low: gain.interval?.low ?? null,
        value: gain.value,
        high: gain.interval?.high ?? null,
        method: gain.method,
      })),
    at: report.startedAt,
  };
}

function shelfOf(report: CheckReport, verdicts: readonly VerdictFact[]): ReportShelf {
  const byRecord = new Map(verdicts.map((verdict, index) => [digestOfJson(asWritten(verdict)), report.models[index] ?? null]));
  return { find: (record) => Promise.resolve(byRecord.get(record) ?? null), notes: () => Promise.resolve([]) };
}
