/**
 * How often does an early look refuse what lost no more than its margin, and after how many samples what lost far more? Worlds are
 * simulated, so that the truth is known; the evidence is looked at after every sample, which is more often than a check does.
 *
 *     node bench/early-stopping.ts [--worlds 2000]
 */
import { parseArgs } from 'node:util';
import { failEvidence, STOP_LEVEL, type Seen } from '../eval/sequential/fail-watch.ts';
import { random } from '../eval/stats/rng.ts';

const { values } = parseArgs({ options: { worlds: { type: 'string', default: '2000' } } });
const worlds = Number(values.worlds);

/** `events`: at most in a clip, one to so many, all of one fate; 1 is a picture. */
type World = { samples: number; events: number; margin: number; lost: number; gained: number };

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
];

console.log(
  `${worlds} worlds a row; at most ${100 * STOP_LEVEL}% of the first table may be refused, and two standard errors more\n`,
);
console.log('| samples | events each | margin | lost | won | refused early |\n|---|---|---|---|---|---|');
for (const world of NULLS) {
  const refused = playAll(world).filter((enough) => enough !== null).length;
  console.log(`| ${rowOf(world)} | ${((100 * refused) / worlds).toFixed(2)}% |`);
}
console.log(
  '\n| samples | events each | margin | lost | won | refused | median after | nine in ten after |\n|---|---|---|---|---|---|---|---|',
);
for (const world of BROKEN) {
  const all = playAll(world);
  const after = all.map((enough) => enough ?? Infinity).toSorted((a, b) => a - b);
  const share = (at: number) => {
    const enough = after[Math.floor(at * after.length)] ?? Infinity;
    return enough === Infinity ? 'not early' : `${((100 * enough) / world.samples).toFixed(1)}%`;
  };
  const refused = all.filter((enough) => enough !== null).length;
  console.log(`| ${rowOf(world)} | ${((100 * refused) / worlds).toFixed(1)}% | ${share(0.5)} | ${share(0.9)} |`);
}

function rowOf({ samples, events, margin, lost, gained }: World): string {
  return [samples, events === 1 ? '1' : `1 to ${events}`, margin, lost, gained].join(' | ');
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
