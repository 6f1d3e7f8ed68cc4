import { CouldNotRun } from '#kernel';

/** What carries messages over an edge. */
export type CarrierName = 'in-process' | 'thread-memory' | 'shared-file' | 'http' | 'grpc' | 'nats' | 'mqtt';

/** An edge as whoever carries its messages sees it: what they say is none of the carrier's business. */
export type Edge = {
  /** A DNS label: it becomes a part of addresses, subjects and file names. */
  name: string;
  /** Messages that may be under way at once; whoever sends more waits. */
  window: number;
  /** Bytes of the largest message. */
  largest: number;
};

/** What is known of a message without reading it: enough to keep it, to drop it, and to know it again. */
export type Label = {
  camera: string;
  /** Of this camera on this edge. */
  sequence: number;
  /** Milliseconds since 1970 by the camera's clock. */
  capturedAt: number;
  promised: boolean;
  /** Of what is promised: which connection of an outbox it comes by, its place there, and the first place that is not yet confirmed. */
  kept?: { by: string; position: number; since: number };
};

export type Parcel = { label: Label; bytes: Uint8Array };

/** The end of an edge that sends. */
export interface Sender {
  /**
   * Resolves once the other end (or a broker) has the parcel, for which it may have to wait until there is room. Parcels that are sent
   * one after another arrive in that order, whether or not anybody awaits. The bytes are left alone until it resolves; by a call
   * that hands over the same bytes, for ever.
   * @throws PeerGone when nobody is there to take it; by a carrier that keeps, only once this end is closed
   */
  send(parcel: Parcel): Promise<void>;
  close(): Promise<void>;
}

/** The end of an edge that receives. */
export interface Receiver {
  /**
   * Every parcel once it is here, until this end is closed: a sender that went away may come back. A parcel counts as taken, and
   * makes room for another, when the next one is asked for. Its bytes may be lent: they hold until then, and whoever wants them for
   * longer copies them. What is no parcel is dropped: whoever reaches a broker or a port may put
   * anything there, and a stage neither ends nor waits because of it.
   */
  receive(): AsyncIterableIterator<Parcel>;
  close(): Promise<void>;
}

export interface Carrier {
  readonly name: CarrierName;
  /** What becomes of a parcel while no receiver is there: its sender is told, or it is kept, by a broker, until one comes. */
  readonly whileNobodyReceives: 'tells' | 'keeps';
  /** @throws CouldNotRun when this end is open already, or what carries cannot be reached */
  openSender(edge: Edge): Promise<Sender>;
  /** @throws CouldNotRun as above */
  openReceiver(edge: Edge): Promise<Receiver>;
}

/** Both ends of an edge in one process. */
export type OpenEdge = Pick<Sender, 'send'> & Pick<Receiver, 'receive' | 'close'>;

/** @throws CouldNotRun as either end does */
export async function open(carrier: Carrier, edge: Edge): Promise<OpenEdge> {
  const receiver = await carrier.openReceiver(edge);
  const sender = await carrier.openSender(edge).catch(async (thrown: unknown) => {
    await receiver.close();
    throw thrown;
  });
  return {
    send: async (parcel) => await sender.send(parcel),
    receive: () => receiver.receive(),
    close: async () => {
      await sender.close();
      await receiver.close();
    },
  };
}

/** Nobody takes what is sent: the other end is closed, was killed, or never was there. */
export class PeerGone extends CouldNotRun {
  constructor(edge: Edge, options?: ErrorOptions) {
    const message = 'nobody receives at its other end';
    super({ file: `edge ${edge.name}`, message, remedy: 'start the stage that reads it, or look at why it ended' }, options);
    this.name = 'PeerGone';
  }
}

export function edgeProblem(edge: Pick<Edge, 'name'>, message: string, remedy: string, options?: ErrorOptions): CouldNotRun {
  return new CouldNotRun({ file: `edge ${edge.name}`, message, remedy }, options);
}

/** @throws CouldNotRun for a parcel that is larger than the edge bears */
export function checkSize(edge: Edge, { bytes }: Parcel): void {
  if (bytes.byteLength <= edge.largest) return;
  const message = `a message of ${bytes.byteLength} bytes is larger than the ${edge.largest} that the edge bears`;
  throw edgeProblem(edge, message, 'make the messages smaller, or let the edge say that they are larger');
}
