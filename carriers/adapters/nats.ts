import { randomUUID } from 'node:crypto';
import {
  AckPolicy,
  type ConsumerMessages,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  jetstream,
  type JetStreamManager,
  jetstreamManager,
  type JsMsg,
  RetentionPolicy,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrokerAccess, noBroker } from '../broker.ts';
import { checkSize, type Carrier, type Edge, type Parcel, PeerGone, type Receiver, type Sender } from '../carrier.ts';
import { within } from '../forward/bell.ts';
import { inOrder } from '../in-order.ts';
import { openAlready, OpenEnds } from '../open-ends.ts';
import { packParcel, parcelIn } from '../parcel-codec.ts';

const CONSUMER = 'receiver';
const streamOf = ({ name }: Edge) => `fieldproof-${name}`;
const subjectOf = ({ name }: Edge) => `fieldproof.${name}`;
const takenOf = (edge: Edge) => `${subjectOf(edge)}.taken`;

/** JetStream's answer to one message too many: the window is full. */
const FULL = 10077;
/** Milliseconds: what was not confirmed by then is sent again, under the same name. */
const CONFIRMED_WITHIN = 2000;
/** Should the note that one was taken get lost. */
const LOOK_AGAIN = 200;
/** How often a confirmation is tried, while the broker is away. */
const CONFIRMATIONS = 20;
/** Milliseconds that a question for messages stands: for so long a broker takes a receiver for there whose link went down. */
const ASKED_FOR = 5000;
/** Milliseconds for a goodbye. */
const LEAVING = 1000;
/** Nanoseconds. A receiver that was killed makes its consumer anew, so nothing is delivered twice to one that is only slow. */
const NEVER = nanos(3_600_000);

/** A stream for each edge, which holds its window and no more; a message leaves it when its receiver is done with it. */
export function natsCarrier(access: BrokerAccess): Carrier {
  const ends = new OpenEnds();
  return {
    name: 'nats',
    whileNobodyReceives: 'keeps',
    openSender: async (edge) => await opening(edge, access, ends.claim(edge, 'sender'), openSender),
    openReceiver: async (edge) => await opening(edge, access, ends.claim(edge, 'receiver'), openReceiver),
  };
}

type Broker = { connection: NatsConnection; manager: JetStreamManager; client: JetStreamClient; leave: () => Promise<void> };

async function opening<T>(edge: Edge, access: BrokerAccess, free: () => void, open: (edge: Edge, broker: Broker) => Promise<T>) {
  const connection = await reach(edge, access).catch((thrown: unknown) => {
    free();
    throw thrown;
  });
  const leave = async () => {
    free();
    // Over a link that is down nobody would ever take what it still has to say.
    await within(connection.close(), LEAVING, () => {});
  };
  try {
    const manager = await jetstreamManager(connection, { timeout: 5000 });
    await keepStream(manager, edge);
    return await open(edge, { connection, manager, client: jetstream(connection), leave });
  } catch (thrown) {
    await leave();
    throw thrown instanceof PeerGone || !isBrokers(thrown) ? thrown : noBroker(edge, access, thrown);
  }
}

const isBrokers = (thrown: unknown) => thrown instanceof Error && thrown.name !== 'CouldNotRun';

async function reach(edge: Edge, access: BrokerAccess): Promise<NatsConnection> {
  const { host, port, login, authority } = access;
  try {
    return await connect({
      servers: `${host}:${port}`,
      timeout: 5000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 100,
      // A link that went down says nothing: two of these unanswered, and it is tried anew.
      pingInterval: 2000,
      maxPingOut: 2,
      ...(login === undefined ? {} : { user: login.user, pass: login.password }),
      ...(authority === undefined ? {} : { tls: { ca: authority } }),
    });
  } catch (cause) {
    throw noBroker(edge, access, cause);
  }
}

/** @returns when it was made: a broker that came back without its disk makes another */
async function keepStream(manager: JetStreamManager, edge: Edge): Promise<string> {
  const limits = { max_msgs: edge.window, max_msg_size: edge.largest + 4096 };
  const settings = { subjects: [subjectOf(edge)], retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New, ...limits };
  const made = manager.streams.add({ name: streamOf(edge), ...settings });
  const { created } = await made.catch(async () => await manager.streams.update(streamOf(edge), limits));
  return created;
}

async function openSender(edge: Edge, { connection, client, leave }: Broker): Promise<Sender> {
  const inTurn = inOrder();
  const session = randomUUID();
  let sent = 0;
  const state = { closed: false };
  let taken = Promise.withResolvers<void>();
  connection.subscribe(takenOf(edge), {
    callback: () => {
      taken.resolve();
      taken = Promise.withResolvers();
    },
  });
  const publish = async (parcel: Parcel) => {
    const msgID = `${session}-${(sent += 1)}`;
    const packed = packParcel(parcel);
    while (!state.closed) {
      const next = taken.promise;
      try {
        return void (await client.publish(subjectOf(edge), packed, { msgID, timeout: CONFIRMED_WITHIN }));
      } catch (thrown) {
        // Full, or not confirmed: the broker may be away, and comes back.
        if (thrown instanceof JetStreamApiError && thrown.code !== FULL && thrown.status < 500) throw thrown;
        await Promise.race([next, sleep(LOOK_AGAIN)]);
      }
    }
    throw new PeerGone(edge);
  };
  return {
    send: async (parcel) => {
      checkSize(edge, parcel);
      await inTurn(async () => await publish(parcel));
    },
    close: async () => {
      state.closed = true;
      await leave();
    },
  };
}

async function openReceiver(edge: Edge, { connection, manager, client, leave }: Broker): Promise<Receiver> {
  const before = await manager.consumers.info(streamOf(edge), CONSUMER).catch(() => null);
  if (before !== null && before.num_waiting > 0) throw openAlready(edge, 'receiver');
  const consumption = new Consumption(edge, { connection, manager, client });
  await consumption.begin();
  let closed = false;
  return {
    receive: () => consumption.read(),
    close: async () => {
      if (closed) return;
      closed = true;
      consumption.end();
      await leave();
    },
  };
}

/** What a receiver takes from its stream, and from the one that comes after a broker without its disk. */
class Consumption {
  readonly #edge: Edge;
  readonly #broker: Omit<Broker, 'leave'>;
  #messages: ConsumerMessages | null = null;
  /** The last message that was given out, of the stream that was made then. */
  #given = { created: '', sequence: 0 };
  #over = false;

  constructor(edge: Edge, broker: Omit<Broker, 'leave'>) {
    this.#edge = edge;
    this.#broker = broker;
    void this.#watch();
  }

  /** The consumer is made anew, so that what a killed receiver never finished, and what was lost with a connection, comes at once. */
  async begin(): Promise<void> {
    const { manager, client } = this.#broker;
    const stream = streamOf(this.#edge);
    const created = await keepStream(manager, this.#edge);
    if (created !== this.#given.created) this.#given = { created, sequence: 0 };
    await manager.consumers.delete(stream, CONSUMER).catch(isNotFound);
    const policy = { ack_policy: AckPolicy.Explicit, ack_wait: NEVER, max_ack_pending: this.#edge.window };
    await manager.consumers.add(stream, { durable_name: CONSUMER, ...policy });
    const options = { max_messages: this.#edge.window, expires: ASKED_FOR };
    this.#messages = await (await client.consumers.get(stream, CONSUMER)).consume(options);
  }

  async *read(): AsyncGenerator<Parcel, undefined> {
    while (!this.#over) {
      try {
        if (this.#messages === null) await this.begin();
        for await (const message of this.#messages ?? []) {
          const parcel = this.#isNew(message) ? parcelIn(message.data) : null;
          if (parcel !== null) yield parcel;
          await this.#confirm(message);
        }
      } catch {
        // The connection is closed, or the broker is away: what was not confirmed comes again.
        if (!this.#over) await sleep(LOOK_AGAIN);
      }
      this.#messages = null;
    }
    return undefined;
  }

  /** What was given out, and whose confirmation was lost with the connection, comes again. */
  #isNew({ seq }: JsMsg): boolean {
    if (seq <= this.#given.sequence) return false;
    this.#given.sequence = seq;
    return true;
  }

  end(): void {
    this.#over = true;
    this.#messages?.stop();
  }

  /** Until the broker has it, which may be away for a while: a stream whose message is still there has no room for another. */
  async #confirm(message: JsMsg): Promise<void> {
    for (let tries = 0; tries < CONFIRMATIONS && !this.#over; tries += 1) {
      try {
        await message.ackAck({ timeout: CONFIRMED_WITHIN });
        break;
      } catch {
        await sleep(LOOK_AGAIN);
      }
    }
    if (!this.#broker.connection.isClosed()) this.#broker.connection.publish(takenOf(this.#edge));
  }

  /** What was on its way is lost, and a broker without its disk knows nothing of us and would say so only after half a minute. */
  async #watch(): Promise<void> {
    for await (const { type } of this.#broker.connection.status()) if (type === 'reconnect') this.#messages?.stop();
  }
}

function isNotFound(thrown: unknown): false {
  if (thrown instanceof JetStreamApiError && thrown.code === JetStreamApiCodes.ConsumerNotFound) return false;
  throw thrown;
}
