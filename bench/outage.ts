/**
 * Is anything lost that was promised? A replay of 100 s at live rate over a link of 2 Mbit/s that is down for 60 s in its middle, while
 * stages and broker are killed at random; 50 times, ten at once, by turns over NATS JetStream and MQTT. RUNS=10 makes fewer, AT_ONCE=4 fewer at once, each in
 * namespaces, ports and folders of its own; BROKER=mosquitto is all by one; FIRST=51 goes on with other seeds.
 */
import { type OutageResult, playThroughOutage } from '../testing/rig/outage.ts';
import { lacking } from '../testing/rig/programs.ts';

const RUNS = Number(process.env['RUNS'] ?? 50);
const AT_ONCE = Number(process.env['AT_ONCE'] ?? 10);
const FIRST = Number(process.env['FIRST'] ?? 1);
const ONLY = process.env['BROKER'];
const KILLS = 6;
/** Events that are captured so long after the link is back do not wait behind others any more. */
const SETTLED = 8000;
const profile = {
  name: '2 Mbit/s, down for a minute',
  bandwidth: { up: 2e6, down: 2e6 },
  delay: 25,
  jitter: 5,
  loss: 0,
  outage: { after: 15_000, lasts: 60_000 },
};

const missing = lacking('nats-server', 'mosquitto', 'toxiproxy-server');
if (missing !== '') {
  console.log(`skipped${missing}`);
  process.exit();
}

type Run = OutageResult & { broker: 'nats-server' | 'mosquitto' };

async function play(seed: number): Promise<Run> {
  const broker = ONLY === 'nats-server' || ONLY === 'mosquitto' ? ONLY : seed % 2 === 0 ? 'nats-server' : 'mosquitto';
  return { broker, ...(await playThroughOutage({ broker, profile, every: 250, events: 400, kills: KILLS, seed })) };
}

const runs: Run[] = [];
let next = 0;
async function playInTurn(): Promise<void> {
  while (next < RUNS) {
    const run = await play(FIRST - 1 + (next += 1));
    runs.push(run);
    const { broker, promised, lost, doubled, outOfOrder, killed, evidence } = run;
    console.log(
      `${runs.length}: ${broker}, ${promised} promised, ${lost} lost, ${doubled} doubled, ${outOfOrder} out of order; killed: ${killed.join(' ')}${evidence === null ? '' : `; look into ${evidence}`}`,
    );
  }
}
await Promise.all(Array.from({ length: Math.min(AT_ONCE, RUNS) }, playInTurn));

const quantile = (values: readonly number[], at: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * at)] ?? Number.NaN;
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

function delays(of: readonly Run[], which: (capturedAt: number, run: Run) => boolean): string {
  const found = of.flatMap((run) =>
    run.arrivals.filter(({ capturedAt }) => which(capturedAt, run)).map(({ at, capturedAt }) => at - capturedAt),
  );
  return `p50 ${seconds(quantile(found, 0.5))}, p95 ${seconds(quantile(found, 0.95))}`;
}

for (const broker of ['nats-server', 'mosquitto'] as const) {
  const of = runs.filter((run) => run.broker === broker);
  if (of.length === 0) continue;
  const sum = (count: (run: Run) => number) => of.reduce((total, run) => total + count(run), 0);
  const drained = of.map(({ arrivals, mended, cut }) => {
    const waited = arrivals.filter(({ capturedAt }) => capturedAt > cut && capturedAt < mended);
    return Math.max(...waited.map(({ at }) => at)) - mended;
  });
  console.log(`\n${broker}: ${of.length} runs, ${sum(({ killed }) => killed.length)} kills`);
  console.log(
    `  promised ${sum(({ promised }) => promised)}, lost ${sum(({ lost }) => lost)}, doubled ${sum(({ doubled }) => doubled)}, out of order ${sum(({ outOfOrder }) => outOfOrder)}`,
  );
  console.log(
    `  from capture to arrival: before the outage ${delays(of, (at, run) => at > run.cut - 10_000 && at < run.cut - 1000)}`,
  );
  console.log(`    captured while it was down ${delays(of, (at, run) => at >= run.cut && at < run.mended)}`);
  console.log(`    captured ${SETTLED / 1000} s or more after ${delays(of, (at, run) => at >= run.mended + SETTLED)}`);
  console.log(
    `  all that waited was there, after the link came back: p50 ${seconds(quantile(drained, 0.5))}, at most ${seconds(Math.max(...drained))}`,
  );
}
console.log(`\nshaped by ${JSON.stringify(runs[0]?.shapedBy)}`);
