import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LinkProfile, RunningLink } from '#carriers';
import { realLinks } from '#carriers/adapters';
import { Broker, type BrokerName } from './brokers.ts';
import type { OutageTask } from './outage-stage.ts';
import { Processes } from './processes.ts';
import { programFor } from './programs.ts';

/** Milliseconds of a replay, and of the outage in it; what is killed when comes from the seed. */
export type OutagePlan = { broker: BrokerName; profile: LinkProfile; every: number; events: number; kills: number; seed: number };

export type Arrival = { sequence: number; capturedAt: number; at: number };

export type OutageResult = {
  promised: number;
  lost: number;
  doubled: number;
  outOfOrder: number;
  killed: string[];
  arrivals: Arrival[];
  /** When the link was cut and mended, milliseconds since 1970. */
  cut: number;
  mended: number;
  shapedBy: RunningLink['shapedBy'];
  /** Stores and logs of a run that lost, doubled or disordered something, for whoever looks why; null: all was well. */
  evidence: string | null;
};

const PROGRAM = path.join(import.meta.dirname, 'outage-stage.ts');
/** Milliseconds after the replay's end: what has not arrived by then is lost, on a machine however busy. */
const ARRIVED_WITHIN = 300_000;

/** One replay over a link that goes down in its middle, while stages and broker are killed at random. */
export async function playThroughOutage(plan: OutagePlan): Promise<OutageResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-outage-'));
  const broker = await Broker.start(plan.broker, path.join(folder, 'broker'));
  const link = await realLinks(programFor('toxiproxy-server')).start(plan.profile, { host: '127.0.0.1', port: broker.port });
  const field = new Field(plan, folder, broker, link);
  let well = false;
  try {
    const result = await field.play();
    well = result.lost + result.doubled + result.outOfOrder === 0;
    return { ...result, evidence: well ? null : folder };
  } finally {
    await field.stop();
    await link.close();
    await broker.stop();
    if (well) rmSync(folder, { recursive: true, force: true });
  }
}

class Field {
  readonly #plan: OutagePlan;
  readonly #folder: string;
  readonly #broker: Broker;
  readonly #link: RunningLink;
  readonly #processes: Processes;
  readonly #killed: string[] = [];
  #begun = 0;

  constructor(plan: OutagePlan, folder: string, broker: Broker, link: RunningLink) {
    this.#plan = plan;
    this.#folder = folder;
    this.#broker = broker;
    this.#link = link;
    this.#processes = new Processes(path.join(folder, 'logs'));
  }

  async play(): Promise<Omit<OutageResult, 'evidence'>> {
    await this.#start('far');
    await this.#start('near');
    // On a busy machine stages take a while to start: the replay begins when they have.
    while (!existsSync(this.#file('near.ready')) || !existsSync(this.#file('far.ready'))) await sleep(50);
    this.#begun = Date.now() + 500;
    writeFileSync(this.#file('begun.partial'), String(this.#begun));
    renameSync(this.#file('begun.partial'), this.#file('begun'));
    const [{ cut, mended }] = await Promise.all([this.#outage(), this.#killAtRandom()]);
    await this.#untilArrived();
    const promised = new Set(this.#log('near').map(({ sequence }) => sequence));
    const arrivals = this.#log('far');
    const arrived = arrivals.map(({ sequence }) => sequence);
    const lost = [...promised].filter((sequence) => !arrived.includes(sequence)).length;
    const doubled = arrived.length - new Set(arrived).size;
    const outOfOrder = arrivals.filter(({ capturedAt }, index) => capturedAt < (arrivals[index - 1]?.capturedAt ?? 0)).length;
    const { shapedBy } = this.#link;
    return { promised: promised.size, lost, doubled, outOfOrder, killed: this.#killed, arrivals, cut, mended, shapedBy };
  }

  async stop(): Promise<void> {
    // A stage that has replayed all ends by itself, as it should; one that ended early would have arrived with too little.
    await this.#processes.stopAll().catch(() => {});
  }

  #file(name: string): string {
    return path.join(this.#folder, name);
  }

  async #start(end: 'near' | 'far'): Promise<void> {
    const { broker, every, events } = this.#plan;
    const task: OutageTask = {
      end,
      broker,
      edge: 'events',
      port: end === 'near' ? this.#link.near.port : this.#broker.port,
      store: this.#file(`${end}.sqlite`),
      log: this.#file(`${end}.log`),
      begun: this.#file('begun'),
      ready: this.#file(`${end}.ready`),
      every,
      events,
    };
    const command = process.execPath;
    const args = ['--disable-warning=ExperimentalWarning', PROGRAM, JSON.stringify(task)];
    await this.#processes.start({ name: end, command, args, ready: async () => true });
  }

  async #outage(): Promise<{ cut: number; mended: number }> {
    const outage = this.#plan.profile.outage ?? { after: 0, lasts: 0 };
    await sleep(this.#begun + outage.after - Date.now());
    await this.#link.cut();
    const cut = Date.now();
    await sleep(outage.lasts);
    await this.#link.mend();
    return { cut, mended: Date.now() };
  }

  async #killAtRandom(): Promise<void> {
    const random = lcg(this.#plan.seed);
    const length = this.#plan.every * this.#plan.events;
    const moments = Array.from({ length: this.#plan.kills }, () => this.#begun + random() * length);
    for (const moment of moments.toSorted((a, b) => a - b)) {
      await sleep(Math.max(0, moment - Date.now()));
      const victim = (['near', 'far', 'broker'] as const)[Math.floor(random() * 3)] ?? 'near';
      this.#killed.push(victim);
      if (victim === 'broker') await this.#broker.kill();
      else await this.#processes.stop(victim, 'SIGKILL');
      await sleep(random() * 2000);
      if (victim === 'broker') await this.#broker.start();
      else await this.#start(victim);
    }
  }

  async #untilArrived(): Promise<void> {
    const deadline = this.#begun + this.#plan.every * this.#plan.events + ARRIVED_WITHIN;
    const all = () => new Set(this.#log('far').map(({ sequence }) => sequence)).size >= this.#plan.events;
    while (!all() && Date.now() < deadline) await sleep(200);
    // Long enough for one that comes twice.
    await sleep(2000);
  }

  #log(end: 'near' | 'far'): Arrival[] {
    const file = this.#file(`${end}.log`);
    const lines = existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
    return lines.map((line) => {
      const [sequence = Number.NaN, capturedAt = Number.NaN, at = Number.NaN] = line.split(' ').map(Number);
      return { sequence, capturedAt, at };
    });
  }
}

/** Numerical Recipes' generator: kills at random are to be had again. */
function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
