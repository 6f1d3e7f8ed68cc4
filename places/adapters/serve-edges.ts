import path from 'node:path';
import { type Carrier, Collector, type Edge, Forwarder, noInbox, noOutbox } from '#carriers';
import { httpCarrier, natsCarrier, sqliteInbox, sqliteOutbox } from '#carriers/adapters';
import { CouldNotRun, reasonOf, systemClock } from '#kernel';
import { encodeMessage, type Message } from '#graphs';
import type { Outlet } from '../serve/stage-work.ts';
import type { Told, ToldEdge } from '../serve/told.ts';
import { asJpeg } from './pictures.ts';

/** Quality of JPEGs that leave a site, as where placements are measured. */
const QUALITY = 90;
/** Bytes of frames that wait for an edge, whatever their number. */
const MOST_BYTES = 256 << 20;

export type ServedEdges = {
  outlets: readonly Outlet[];
  inlets: readonly { edge: string; collector: Collector }[];
  /** By edge, what keeps it from sending or taking; null: nothing. */
  troubles: Map<string, string | null>;
  /** Frames that nobody had time for, by edge. */
  dropped: () => Readonly<Record<string, number>>;
  /** Nothing more comes. */
  stop: () => Promise<void>;
  /** What was promised stays where it is kept. */
  close: () => Promise<void>;
};

export type EdgeSurroundings = {
  /** The folder of what was promised: it outlives this process. */
  kept: string;
  /** Where a program of somebody's own is asked, for a stage that is one. */
  socket: string;
  login: { user: string; password: string } | null;
  /** Where stages at the same site reach this one. */
  listen: { host: string; port: number };
};

/** Opens every edge of a stage. One whose other end is not there yet says so in `troubles`, and is tried for ever. */
export function serveEdges(told: Told, surroundings: EdgeSurroundings): ServedEdges {
  const troubles = new Map<string, string | null>();
  const carriers = carriersOf(told, surroundings);
  const store = (way: string, edge: Edge) => path.join(surroundings.kept, `${way}-${edge.name}.db`);
  const stores: { close: () => Promise<void> }[] = [];
  const opened = <S extends { close: () => Promise<void> }>(one: S): S => {
    stores.push(one);
    return one;
  };
  const out = told.out.map((said) => {
    const edge = edgeOf(said);
    const outbox = opened(said.promised ? sqliteOutbox(store('out', edge)) : noOutbox);
    const frames = { order: 'oldest first', staleAfter: null, mostBytes: MOST_BYTES, most: told.stage.queue } as const;
    const onTrouble = (trouble: string | null) => void troubles.set(edge.name, trouble);
    const forwarder = new Forwarder({ carrier: carriers(said), edge, outbox, frames, clock: systemClock, onTrouble });
    return { said, edge, forwarder };
  });
  const into = told.in.map((said) => {
    const edge = edgeOf(said);
    const inbox = opened(said.promised ? sqliteInbox(store('in', edge)) : noInbox);
    const onTrouble = (trouble: unknown) => void troubles.set(edge.name, reasonOf(trouble));
    return { edge: edge.name, collector: new Collector({ carrier: carriers(said), edge, inbox, clock: systemClock, onTrouble }) };
  });
  return {
    outlets: out.map(({ said, edge, forwarder }): Outlet => ({
      edge: edge.name,
      promised: said.promised,
      offer: async (message, label) => await forwarder.offer({ label, bytes: await bytesOf(message, said) }),
    })),
    inlets: into,
    troubles,
    dropped: () => Object.fromEntries(out.map(({ edge, forwarder: { dropped } }) => [edge.name, dropped.full + dropped.stale])),
    async stop() {
      await Promise.all(into.map(({ collector }) => collector.close()));
    },
    async close() {
      await Promise.all(out.map(({ forwarder }) => forwarder.close()));
      for (const one of stores) await one.close();
    },
  };
}

/** An edge to another site has the name of its subject, so that two sites are never taken for one. */
function edgeOf({ edge, over, window, largest }: ToldEdge): Edge {
  return { name: 'broker' in over ? over.broker : edge, window, largest };
}

/** Pixels stay pixels at a site, as where they were measured; over a link they are a JPEG. */
async function bytesOf(message: Message, { over }: ToldEdge): Promise<Uint8Array> {
  return encodeMessage('broker' in over ? await asJpeg(message, QUALITY) : message);
}

function carriersOf({ broker, stage, out, in: into }: Told, { login, listen }: EdgeSurroundings): (edge: ToldEdge) => Carrier {
  const peers = new Map([
    ...out.flatMap(({ edge, over }) => ('http' in over ? [[edge, addressOf(over.http)] as const] : [])),
    // Their messages come to this stage; how far it is with them it says to where they come from.
    ...into.flatMap(({ edge, over }) => ('http' in over ? [[`${edge}-acks`, addressOf(over.http)] as const] : [])),
  ]);
  const http = httpCarrier(({ name }) => peers.get(name) ?? listen);
  const nats = broker === null ? null : natsCarrier({ ...broker, ...(login === null ? {} : { login }) });
  return ({ edge, over }) => {
    if ('http' in over) return http;
    if (nats !== null) return nats;
    const message = `${edge} goes over a broker, and none is named`;
    throw new CouldNotRun({ file: `stage ${stage.name}`, message, remedy: 'ship the graph with a broker' });
  };
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
