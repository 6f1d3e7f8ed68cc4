/**
 * How often does an early look refuse what lost no more than its margin, and after how many samples what lost far more? Worlds are
 * simulated, so that the truth is known; the evidence is looked at after every sample, which is more often than a check does. Beside them: how soon
 * any test could refuse the same, which errs as seldom.
 *
 *     node bench/early-stopping.ts [--worlds 2000]
 */
import { parseArgs } from 'node:util';
import { failEvidence, STOP_LEVEL, type Seen } from '../eval/sequential/fail-watch.ts';
import { random } from '../eval/stats/rng.ts';
import { leastSamples, type Shown } from './early/least-samples.ts';
import { mostRefused } from './early/most-refused.ts';

const { values } = parseArgs({ options: { worlds: { type: 'string', default: '2000' } } });
const worlds = Number(values.worlds);

/** `events`: at most in a clip, one to so many, all of one fate; 1 is a picture. */
type World = { of?: string; samples: number; events: number; margin: number; lost: number; gained: number };

const NULLS: readonly World[] = [
  { samples: 200, events: 1, margin: 0.1, lost: 0.1, gained: 0 },
  { samples: 600, events: 1, margin: 0.02, lost: 0.02, gained: 0 },
  { samples: 600, events: 1, margin: 0.02, lost: 0.07, gained: 0.05 },
  { samples: 600, events: 1, margin: 0.05, lost: 0.25, gained: 0.2 },
  { samples: 5000, events: 1, margin: 0.02, lost: 0.07, gained: 0.05 },
  { samples: 200, events: 4, margin: 0.05, lost: 0.05, gained: 0 },
  { samples: 1000, events: 4, margin: 0.1, lost: 0.3, gained: 0.2 },
  { samples: 1000, events: 20, margin: 0.1, lost: 0.1, gained: 0 },
];
const BROKEN: readonly World[] = [
  { samples: 200, events: 1, margin: 0.05, lost: 0.5, gained: 0.02 },
  { samples: 600, events: 1, margin: 0.02, lost: 0.15, gained: 0.02 },
  { samples: 600, events: 1, margin: 0.02, lost: 0.3, gained: 0.02 },
  { samples: 600, events: 1, margin: 0.02, lost: 0.6, gained: 0.01 },
  { samples: 5000, events: 1, margin: 0.02, lost: 0.1, gained: 0.02 },
  { samples: 200, events: 4, margin: 0.05, lost: 0.5, gained: 0.02 },
  // As many as these changes won and lost, of all that were asked.
  { of: 'the example, channels swapped', samples: 600, events: 1, margin: 0.02, lost: 342 / 600, gained: 0 },
  { of: 'the example, mean forgotten', samples: 600, events: 1, margin: 0.02, lost: 116 / 600, gained: 1 / 600 },
  { of: 'SqueezeNet, channels swapped', samples: 200, events: 1, margin: 0.05, lost: 51 / 200, gained: 6 / 200 },
  { of: 'SqueezeNet, mean forgotten', samples: 200, events: 1, margin: 0.05, lost: 45 / 200, gained: 5 / 200 },
  { of: 'SqueezeNet, both', samples: 200, events: 1, margin: 0.05, lost: 79 / 200, gained: 7 / 200 },
];
/** Within so much of the samples a broken preprocessing should be refused. */
const SOON = 0.15;

console.log(
  `${worlds} worlds a row; at most ${100 * STOP_LEVEL}% of the first table may be refused, and two standard errors more\n`,
);
console.log('| samples | events each | margin | lost | won | refused early |\n|---|---|---|---|---|---|');
for (const world of NULLS) {
  const refused = playAll(world).filter((enough) => enough !== null).length;
  console.log(`| ${rowOf(world)} | ${((100 * refused) / worlds).toFixed(2)}% |`);
}
console.log(
  `\n| of what | samples | events each | margin | lost | won | refused | median after | nine in ten after | mean after | no test sooner than | by ${100 * SOON}% | any test by then |\n${'|---'.repeat(13)}|`,
);
for (const world of BROKEN) {
  const all = playAll(world);
  const after = all.map((enough) => enough ?? Infinity).toSorted((a, b) => a - b);
  const share = (at: number) => {
    const enough = after[Math.floor(at * after.length)] ?? Infinity;
    return enough === Infinity ? 'not early' : percent(enough / world.samples);
  };
  const refused = all.filter((enough) => enough !== null).length;
  // Where it was never enough, all were asked.
  const mean = all.reduce<number>((sum, enough) => sum + (enough ?? world.samples), 0) / worlds;
  const least = leastSamples(shownIn(world), largestIn(world), STOP_LEVEL);
  const soon = Math.floor(SOON * world.samples);
  const cells = [
    `${percent(refused / worlds)} | ${share(0.5)} | ${share(0.9)} | ${percent(mean / world.samples)}`,
    least > world.samples ? 'the whole' : percent(least / world.samples),
    percent(after.filter((enough) => enough <= soon).length / worlds),
    world.events === 1 ? percent(mostRefused(threeOf(world), largestIn(world), STOP_LEVEL, soon)) : '',
  ];
  console.log(`| ${world.of ?? 'simulated'} | ${rowOf(world)} | ${cells.join(' | ')} |`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** What a sample of such a world can show: lost, unchanged and won, of each number of events. */
function shownIn({ events, margin, lost, gained }: World): Shown[] {
  return Array.from({ length: events }, (_, index) => index + 1).flatMap((size) => [
    { chance: lost / events, shown: (margin - 1) * size },
    { chance: (1 - lost - gained) / events, shown: margin * size },
    { chance: gained / events, shown: (margin + 1) * size },
  ]);
}

function threeOf(world: World): [Shown, Shown, Shown] {
  return shownIn({ ...world, events: 1 }) as [Shown, Shown, Shown];
}

function largestIn({ events, margin }: World): number {
  return events * (1 + margin);
}

function rowOf({ samples, events, margin, lost, gained }: World): string {
  return [samples, events === 1 ? '1' : `1 to ${events}`, margin, round(lost), round(gained)].join(' | ');
}

function round(share: number): number {
  return Number(share.toFixed(3));
}

function playAll(world: World): (number | null)[] {
  return Array.from({ length: worlds }, (_, index) => failEvidence(play(world, index + 1), world.margin, world.events).enough);
}

function play({ samples, events, lost, gained }: World, seed: number): Seen[] {
  const next = random(seed);
  return Array.from({ length: samples }, () => {
    const denominator = 1 + Math.floor(next() * events);
    const at = next();
    return { gain: at < lost ? -denominator : at < lost + gained ? denominator : 0, denominator };
  });
}
