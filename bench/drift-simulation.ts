/**
 * How often quiet fleets raise an alarm, and how soon a change is found. `node bench/drift-simulation.ts [runs]` prints the tables
 * of docs/measurements.md.
 */
import { followApart, followTogether, type Course } from '../eval/sequential/follow.ts';
import { recallWatch } from '../eval/sequential/recall-watch.ts';
import { shiftWatch } from '../eval/sequential/shift-watch.ts';
import {
  quietWorld,
  simulateNights,
  type NightWorld,
  type SimulatedNights,
} from '../eval/sequential/simulated-nights.fixture.ts';
import { normalQuantile } from '../eval/stats/distributions.ts';
import { random } from '../eval/stats/rng.ts';

const runs = Number(process.argv[2] ?? 1000);
/** Delays settle sooner than rare alarms do. */
const delayRuns = Math.ceil(runs / 4);
const RATE = 0.05;
const CHANGE = 40;
/** Site 1 changes; what the others raise is counted apart. */
const world: NightWorld = { ...quietWorld, changeAt: CHANGE };
const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const header = (...cells: string[]) => {
  row(...cells);
  row(...cells.map(() => '---'));
};

function followShift({ shift, units }: SimulatedNights, seed: number): Course[] {
  const next = random(seed);
  return followApart(shift, units, { level: RATE / 2, open: () => shiftWatch({ reference: 14, quietNights: 3, next }) });
}

function followRecall({ recall, sites }: SimulatedNights, bound: number): Course[] {
  return followTogether(recall, sites, { level: RATE / 2, open: () => recallWatch(bound) });
}

function quietTable(): void {
  header('fleet', 'nights', 'any alarm', 'by shift', 'by recall, true at its bound', 'by recall, true a point above', 'at most');
  const fleets: [string, NightWorld][] = [
    ['4 sites, 24 clips a night, 10 labelled', quietWorld],
    ['1 site, 6 clips a night, 2 labelled', { ...quietWorld, sites: 1, clipsPerNight: 6, labelledPerNight: 2 }],
  ];
  for (const [name, fleet] of fleets) {
    const counts = { any: 0, shift: 0, bound: 0, above: 0 };
    for (let seed = 1; seed <= runs; seed += 1) {
      const nights = simulateNights(fleet, random(seed));
      const [shift, bound] = [raises(followShift(nights, seed)), raises(followRecall(nights, fleet.recall))];
      counts.shift += Number(shift);
      counts.bound += Number(bound);
      counts.any += Number(shift || bound);
      counts.above += Number(raises(followRecall(nights, fleet.recall - 0.01)));
    }
    const most = RATE + 2 * Math.sqrt((RATE * (1 - RATE)) / runs);
    row(name, fleet.nights, share(counts.any), share(counts.shift), share(counts.bound), share(counts.above), percent(most));
  }
}

function recallTable(): void {
  header(
    'labelled a night',
    'events in them',
    'bound',
    'median nights',
    'nights for 9 in 10',
    'fixed sample, half power',
    'fixed sample, 90% power',
    'raised elsewhere',
  );
  for (const [labelled, bound] of [
    [5, 0.9],
    [10, 0.9],
    [20, 0.9],
    [20, 0.88],
    [40, 0.9],
  ] as const) {
    const dropped: NightWorld = {
      ...world,
      labelledPerNight: labelled,
      clipsPerNight: labelled,
      nights: CHANGE + 250,
      recallAfter: 0.85,
    };
    const delays: number[] = [];
    let elsewhere = 0;
    for (let seed = 1; seed <= delayRuns; seed += 1) {
      const [first, ...others] = followRecall(simulateNights(dropped, random(seed)), bound);
      delays.push(first === undefined ? Infinity : delayOf(first));
      elsewhere += Number(raises(others));
    }
    const { sd, events } = spreadAfter(dropped);
    const fixed = (power: number) =>
      Math.ceil((((normalQuantile(1 - RATE / 2 / world.sites) + normalQuantile(power)) * sd) / (bound - 0.85)) ** 2);
    row(
      labelled,
      events.toFixed(1),
      bound,
      quantile(delays, 0.5),
      quantile(delays, 0.9),
      fixed(0.5),
      fixed(0.9),
      share(elsewhere, delayRuns),
    );
  }
}

function shiftTable(): void {
  header('what changes at one site', 'median nights', 'nights for 9 in 10', 'found within 60 nights', 'raised elsewhere');
  const changes: [string, Partial<NightWorld>][] = [
    ['half the events, scores 0.1 lower', { rateAfter: 0.5, scoreDrop: 0.1 }],
    ['a tenth of the events, scores 0.3 lower (a covered lens)', { rateAfter: 0.1, scoreDrop: 0.3 }],
    ['twice the events', { rateAfter: 2 }],
    ['scores 0.1 lower (two standard deviations of a night)', { scoreDrop: 0.1 }],
  ];
  for (const [name, change] of changes) {
    const delays: number[] = [];
    let elsewhere = 0;
    for (let seed = 1; seed <= delayRuns; seed += 1) {
      const courses = followShift(simulateNights({ ...world, nights: CHANGE + 60, ...change }, random(seed)), seed);
      delays.push(Math.min(...courses.slice(0, 3).map(delayOf)));
      elsewhere += Number(raises(courses.slice(3)));
    }
    row(
      name,
      quantile(delays, 0.5),
      quantile(delays, 0.9),
      share(delays.filter((delay) => delay <= 60).length, delayRuns),
      share(elsewhere, delayRuns),
    );
  }
}

/** Nights from the change to its alarm, both counted. */
function delayOf({ alarms }: Course): number {
  const found = alarms.map(({ raised }) => Number(raised)).find((night) => night >= CHANGE);
  return found === undefined ? Infinity : found - CHANGE + 1;
}

/** Standard deviation of a night's recall after the drop, and the events it rests on: what a fixed sample is planned with. */
function spreadAfter(dropped: NightWorld): { sd: number; events: number } {
  const nights = Array.from(
    { length: 200 },
    (_, seed) => simulateNights({ ...dropped, nights: 20, sites: 1, changeAt: 0 }, random(seed + 1)).recall,
  ).flat();
  const values = nights.flatMap(({ values: of }) => of.get('') ?? []);
  const mean = values.reduce((sum, { recall }) => sum + recall, 0) / values.length;
  const variance = values.reduce((sum, { recall }) => sum + (recall - mean) ** 2, 0) / (values.length - 1);
  return { sd: Math.sqrt(variance), events: values.reduce((sum, { events }) => sum + events, 0) / values.length };
}

function raises(courses: readonly Course[]): boolean {
  return courses.some(({ alarms }) => alarms.length > 0);
}

function quantile(delays: readonly number[], part: number): string {
  const value = delays.toSorted((a, b) => a - b)[Math.ceil(part * delays.length) - 1] ?? Infinity;
  return Number.isFinite(value) ? String(value) : 'not within the run';
}

function share(count: number, of = runs): string {
  return percent(count / of);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}

console.log(`${runs} runs each (${delayRuns} for delays), false-alarm rate ${percent(RATE)}.\n\nWithout a change:\n`);
quietTable();
console.log(`\nRecall falls from 90% to 85% at one of 4 sites on night ${CHANGE + 1}:\n`);
recallTable();
console.log(`\nShift at one of 4 sites on night ${CHANGE + 1}:\n`);
shiftTable();
