import { eBenjaminiHochberg, restartWeight } from './family.ts';
import type { Suspect, Watch } from './watch.ts';

/** One night of one unit (a signal at a site). `release`: what was replayed; another one begins everything anew. */
export type Step<V> = { unit: string; night: string; release: string; values: V };

export type Alarm = Suspect & {
  /** Nights: when it was raised, and when the change began as far as can be told. */
  raised: string;
  started: string;
  evidence: number;
  ended: { night: string; why: 'quiet' | 'another release' } | null;
};

/** What has become of one unit, night by night. `needed`: the evidence that raises an alarm. */
export type Course = {
  unit: string;
  state: 'gathering' | 'watching' | 'alarmed';
  alarms: readonly Alarm[];
  nights: readonly { night: string; evidence: number; alarmed: boolean }[];
  needed: number;
};

type Unit<V> = {
  take(step: Step<V>): void;
  /** What it has of evidence now, or had when it raised its alarm. */
  evidence(): number;
  isAlarmed(): boolean;
  raise(): void;
  course(needed: number): Course;
};

/**
 * Units that each may spend an equal part of the level (a union bound, whatever their dependence): the chance that any of them
 * ever raises an alarm without a change, restarts included, is at most `level`.
 */
export function followApart<V>(
  steps: readonly Step<V>[],
  units: readonly string[],
  options: { level: number; open: (unit: string) => Watch<V> },
): Course[] {
  const needed = units.length / options.level;
  const followed = new Map(units.map((unit) => [unit, openUnit(unit, options.open)]));
  for (const step of steps) {
    const unit = followed.get(step.unit);
    unit?.take(step);
    if (unit !== undefined && !unit.isAlarmed() && unit.evidence() >= needed) unit.raise();
  }
  return [...followed.values()].map((unit) => unit.course(needed));
}

/** Units whose evidence lives in one filtration, judged together by e-BH after each night; while nothing has changed, as above. */
export function followTogether<V>(
  steps: readonly Step<V>[],
  units: readonly string[],
  options: { level: number; open: (unit: string) => Watch<V> },
): Course[] {
  const followed = new Map(units.map((unit) => [unit, openUnit(unit, options.open)]));
  const all = [...followed.values()];
  for (const step of steps) {
    followed.get(step.unit)?.take(step);
    const rejected = eBenjaminiHochberg(
      all.map((unit) => unit.evidence()),
      options.level,
    );
    for (const index of rejected) if (all[index]?.isAlarmed() === false) all[index]?.raise();
  }
  return all.map((unit) => unit.course(units.length / options.level));
}

function openUnit<V>(name: string, open: (unit: string) => Watch<V>): Unit<V> {
  const nights: { night: string; evidence: number; alarmed: boolean }[] = [];
  const alarms: Alarm[] = [];
  let run = { number: 0, watch: open(name), nights: [] as string[], release: null as string | null };
  let standing: Alarm | null = null;
  const begin = (number: number, release: string | null) => (run = { number, watch: open(name), nights: [], release });
  const evidence = () => standing?.evidence ?? restartWeight(run.number) * run.watch.evidence();
  const end = (night: string, why: NonNullable<Alarm['ended']>['why']) => {
    if (standing !== null) standing.ended = { night, why };
    standing = null;
  };
  return {
    take({ night, release, values }) {
      if (run.release !== release) {
        if (run.release !== null) end(night, 'another release');
        begin(0, release);
      }
      run.watch.take(values);
      run.nights.push(night);
      if (standing !== null && run.watch.isOver()) {
        end(night, 'quiet');
        begin(run.number + 1, release);
      }
      nights.push({ night, evidence: evidence(), alarmed: standing !== null });
    },
    evidence,
    isAlarmed: () => standing !== null,
    raise() {
      const { onset, ...suspect } = run.watch.suspect();
      const last = run.nights.at(-1) ?? '';
      standing = { ...suspect, onset, raised: last, started: run.nights[onset] ?? last, evidence: evidence(), ended: null };
      alarms.push(standing);
      run.watch.alarm();
      const point = nights.at(-1);
      if (point !== undefined) point.alarmed = true;
    },
    course: (needed) => {
      const state = standing !== null ? 'alarmed' : run.watch.hasBet() ? 'watching' : 'gathering';
      return { unit: name, state, alarms, nights, needed };
    },
  };
}
