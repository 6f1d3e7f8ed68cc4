/** The program at a place: the stages of a graph that run there, in one process, until its input ends. */
import { CouldNotRun, reasonOf } from '#kernel';
import { orders, say } from './adapters/orders.ts';
import { StageFailed } from './place-work.ts';
import { startPlace, type StartedPlace } from './start-place.ts';

const BEAT = 500;

let place: StartedPlace | null = null;
const beat = setInterval(() => say({ kind: 'beat', busy: place?.busy() ?? null }), BEAT);

function fail(thrown: unknown): never {
  const reason =
    thrown instanceof CouldNotRun
      ? thrown.problems.map(({ file, message }) => `${file}: ${message}`).join('; ')
      : reasonOf(thrown);
  say({ kind: 'failed', stage: thrown instanceof StageFailed ? thrown.stage : null, reason });
  process.exit(1);
}

try {
  for await (const order of orders()) {
    if (order.kind === 'spec') {
      place = await startPlace(order.spec, fail);
      say({ kind: 'ready', address: place.address, thresholds: place.thresholds });
      continue;
    }
    if (place === null) throw new Error(`${order.kind} before anything was said of the place`);
    if (order.kind === 'begin') {
      await place.begin(order.peers, order.rule);
      say({ kind: 'begun' });
    }
    if (order.kind === 'time') say({ kind: 'time', now: place.now() });
    if (order.kind === 'status') say({ kind: 'status', ...place.status() });
    if (order.kind === 'report') say(place.report());
  }
} catch (thrown) {
  fail(thrown);
}
clearInterval(beat);
process.exit(0);
