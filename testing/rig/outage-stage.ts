/**
 * A stage of the outage test, in a process of its own so that it can be killed: `near` replays events of a camera at live rate, and
 * promises each; `far` writes down what arrives. Both go on where they were when they are started again.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf, systemClock } from '#kernel';
import { Collector, Forwarder, type Parcel } from '#carriers';
import { mqttCarrier, natsCarrier, sqliteInbox, sqliteOutbox } from '#carriers/adapters';

export type OutageTask = {
  end: 'near' | 'far';
  broker: 'nats-server' | 'mosquitto';
  edge: string;
  port: number;
  store: string;
  /** Lines of what was promised, or has arrived: sequence, capture, now. */
  log: string;
  /** A file that comes when the replay begins, with the milliseconds since 1970; and one that says that the stage is there. */
  begun: string;
  ready: string;
  /** Milliseconds between events, and how many. */
  every: number;
  events: number;
};

const task = JSON.parse(process.argv[2] ?? '{}') as OutageTask;
const access = { host: '127.0.0.1', port: task.port };
const carrier = task.broker === 'mosquitto' ? mqttCarrier(access) : natsCarrier(access);
const edge = { name: task.edge, window: 16, largest: 100_000 };
const write = (sequence: number, capturedAt: number) => appendFileSync(task.log, `${sequence} ${capturedAt} ${Date.now()}\n`);
/** Into the stage's log, so that a run in which something stood still says what. */
const tell = (trouble: unknown) => console.error(Date.now(), trouble === null ? 'goes again' : reasonOf(trouble));
const parcelOf = (begun: number, sequence: number, promised: boolean, size: number): Parcel => ({
  label: { camera: promised ? 'gate' : 'gate-frames', sequence, capturedAt: begun + sequence * task.every, promised },
  bytes: new Uint8Array(size),
});

/** A stage that was killed begins where its footage does, and answers again what it had answered. */
async function beNear(): Promise<void> {
  const outbox = sqliteOutbox(task.store);
  const frames = { order: 'newest first', staleAfter: 2000, mostBytes: 500_000 } as const;
  const forwarder = new Forwarder({ carrier, edge, outbox, frames, clock: systemClock, onTrouble: tell });
  while (!existsSync(task.begun)) await sleep(20);
  const begun = Number(readFileSync(task.begun, 'utf8'));
  for (let sequence = 0; sequence < task.events; sequence += 1) {
    const event = parcelOf(begun, sequence, true, 400);
    await sleep(Math.max(0, event.label.capturedAt - Date.now()));
    await forwarder.offer(event);
    write(sequence, event.label.capturedAt);
    if (event.label.capturedAt > Date.now() - 500) await forwarder.offer(parcelOf(begun, sequence, false, 20_000));
  }
}

async function beFar(): Promise<void> {
  const last = existsSync(task.log) ? readFileSync(task.log, 'utf8').trim().split('\n').at(-1) : '';
  let written = last === '' || last === undefined ? -1 : Number(last.split(' ')[0]);
  const inbox = sqliteInbox(task.store);
  const collector = new Collector({ carrier, edge, inbox, clock: systemClock, onTrouble: tell });
  for await (const { label } of collector.receive()) {
    // Killed after it was written down and before it was done with: the one thing that may come again.
    if (!label.promised || label.sequence === written) continue;
    write(label.sequence, label.capturedAt);
    written = label.sequence;
  }
}

writeFileSync(task.ready, '');
await (task.end === 'near' ? beNear() : beFar());
