import type { ReplayReport, SignalReport } from './documents/replay-report.ts';

/** Thirty nights of one site, the last twelve of them behind a dirty lens, and whatever name somebody gave the site. */
export function replayedNights(site: string): ReplayReport {
  const values = Array.from({ length: 30 }, (_, index) => ({
    night: `2026-03-${String(index + 1).padStart(2, '0')}`,
    value: index < 18 ? 200 + 37 * (index % 5) : 20,
  }));
  const alarm: SignalReport['alarms'][number] = {
    slice: 'light=night',
    statistic: 0,
    before: 274,
    since: 20,
    onset: 18,
    raised: '2026-03-23',
    started: '2026-03-19',
    evidence: 420,
    ended: null,
  };
  const signal: SignalReport = {
    signal: 'event-rate',
    values,
    state: 'alarmed',
    alarms: [alarm],
    nights: values.map(({ night }, index) => ({ night, evidence: index < 22 ? 0.4 : 420, alarmed: index >= 22 })),
    needed: 240,
  };
  const recall: SignalReport = {
    signal: 'recall',
    values: values.slice(0, 8).map(({ night }, index) => ({ night, value: 0.86 + 0.01 * (index % 4) })),
    state: 'watching',
    alarms: [],
    nights: values.slice(0, 8).map(({ night }) => ({ night, evidence: 0.7, alarmed: false })),
    needed: 80,
  };
  return {
    version: 2,
    model: 'porch',
    outcome: 'alarmed',
    headline: `porch: a shift in event-rate at ${site} since 2026-03-19 (274 before, 20 since).`,
    falseAlarmRate: 0.05,
    referenceNights: 14,
    recallBound: 0.85,
    arrived: 2,
    nights: values.map(({ night }) => ({ night, clips: 6, setAside: 0 })),
    setAside: [{ night: '2026-03-02', file: `${site}/cut.mp4`, why: 'it is truncated' }],
    replaced: [],
    waiting: [{ file: 'stray.mp4', why: 'nothing says its site' }],
    sites: [
      { site, absent: null, recall: { value: 0.874, events: 95, nights: 8 }, signals: [signal, recall] },
      {
        site: 'yard',
        absent: 'chipset edge-box is not this machine',
        recall: { value: null, events: 0, nights: 0 },
        signals: [],
      },
    ],
    announced: [{ title: `Shift at ${site}`, what: 'updated', url: null }],
    proposed: [
      {
        night: '2026-03-30',
        branch: 'fieldproof/labels/porch/2026-03-30-0a1b2c3d',
        path: 'labels/porch/x.yaml',
        clips: 5,
        url: null,
      },
    ],
    unlabelled: 3,
    notes: [],
  };
}
