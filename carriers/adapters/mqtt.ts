import { randomUUID } from 'node:crypto';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { Socket } from 'node:net';
import { type BrokerAccess, noBroker } from '../broker.ts';
import { checkSize, type Carrier, type Edge, type Parcel, PeerGone, type Receiver, type Sender } from '../carrier.ts';
import { within } from '../forward/bell.ts';
import { Ending } from '../forward/ending.ts';
import { inOrder } from '../in-order.ts';
import { Mailbox } from '../mailbox.ts';
import { OpenEnds } from '../open-ends.ts';
import { packParcel, parcelIn } from '../parcel-codec.ts';

const dataOf = ({ name }: Edge) => `fieldproof/${name}/data`;
const takenOf = ({ name }: Edge) => `fieldproof/${name}/taken`;
/** Seconds that a broker keeps what waits for a receiver that is away: a week. */
const KEPT = 7 * 24 * 3600;
/** Milliseconds for a goodbye, and for an answer. */
const LEAVING = 1000;
const ANSWERS = 5000;

/**
 * A topic for each edge, at least once, in a session that the broker keeps. MQTT lets nobody see how far a receiver is, so the
 * receiver says what it has taken on a topic of its own, and the sender counts.
 */
export function mqttCarrier(access: BrokerAccess): Carrier {
  const ends = new OpenEnds();
  return {
    name: 'mqtt',
    whileNobodyReceives: 'keeps',
    openSender: async (edge) => await openSender(edge, access, ends.claim(edge, 'sender')),
    openReceiver: async (edge) => await openReceiver(edge, access, ends.claim(edge, 'receiver')),
  };
}

type OnMessage = (payload: Buffer, properties: IPublishPacket['properties']) => void;
type Reached = { edge: Edge; access: BrokerAccess; options: IClientOptions; free: () => void; onMessage: OnMessage };

async function reach({ edge, access, options, free, onMessage }: Reached): Promise<MqttClient> {
  const { host, port, login, authority } = access;
  const client = connect({
    host,
    port,
    protocol: authority === undefined ? 'mqtt' : 'mqtts',
    protocolVersion: 5,
    connectTimeout: 5000,
    reconnectPeriod: 250,
    keepalive: 4,
    // `subscribe` does, whatever the broker says that it remembers.
    resubscribe: false,
    ...(login === undefined ? {} : { username: login.user, password: login.password }),
    ...(authority === undefined ? {} : { ca: authority }),
    ...options,
  });
  client.on('error', () => {});
  // What a session kept comes with the connection.
  client.on('message', (_, payload, { properties }) => onMessage(payload, properties));
  client.on('connect', () => client.stream instanceof Socket && client.stream.setNoDelay(true));
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new Error('the connection ended')));
    });
    return client;
  } catch (cause) {
    client.end(true);
    free();
    throw noBroker(edge, access, cause);
  }
}

type Subscriber = { edge: Edge; access: BrokerAccess; client: MqttClient; free: () => void };

/**
 * A connection that is lost before the broker has answered is taken up again, and the question is not. Asked again with each later
 * connection: a broker that was killed may remember a session that it wrote down before it was asked.
 */
async function subscribe({ edge, access, client, free }: Subscriber, topic: string): Promise<void> {
  const late = () => {
    throw new Error('it does not answer');
  };
  try {
    await within<unknown>(client.subscribeAsync(topic, { qos: 1 }), ANSWERS, late);
    client.on('connect', () => client.subscribe(topic, { qos: 1 }, (refused) => refused !== null && client.stream.destroy()));
  } catch (cause) {
    client.end(true);
    free();
    throw noBroker(edge, access, cause);
  }
}

/** Politely, so that what was taken is said; but over a link that is down nobody would ever answer. */
async function leave(client: MqttClient): Promise<void> {
  await within(client.endAsync(), LEAVING, () => {});
  client.stream.destroy();
}

async function openSender(edge: Edge, access: BrokerAccess, free: () => void): Promise<Sender> {
  const inTurn = inOrder();
  const session = randomUUID();
  const ending = new Ending();
  let [sent, taken] = [0, 0];
  let changed = Promise.withResolvers<void>();
  const advance = (count: number) => {
    taken = Math.max(taken, count);
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const onMessage: OnMessage = (payload) => {
    const [of, count] = payload.toString().split(' ');
    if (of === session) advance(Number(count));
  };
  const options = { clientId: `${edge.name}-sender`, clean: true };
  const client = await reach({ edge, access, options, free, onMessage });
  // A broker that was away may have lost all that it had: nobody will say that those were taken.
  client.on('connect', () => advance(sent));
  await subscribe({ edge, access, client, free }, takenOf(edge));
  const publish = async (parcel: Parcel) => {
    while (sent - taken >= edge.window) await ending.unless(changed.promise);
    sent += 1;
    const properties = { correlationData: Buffer.from(`${session} ${sent}`) };
    await ending.unless(client.publishAsync(dataOf(edge), Buffer.from(packParcel(parcel).buffer), { qos: 1, properties }));
  };
  return {
    send: async (parcel) => {
      checkSize(edge, parcel);
      await inTurn(async () => await publish(parcel));
    },
    close: async () => {
      if (ending.over) return;
      ending.end(new PeerGone(edge));
      await client.endAsync(true);
      free();
    },
  };
}

type Arrived = Parcel & { thanks: Buffer | undefined };

async function openReceiver(edge: Edge, access: BrokerAccess, free: () => void): Promise<Receiver> {
  const box = new Mailbox<Arrived>(edge.window);
  const session = { clean: false, properties: { sessionExpiryInterval: KEPT, receiveMaximum: edge.window } };
  const options = { clientId: `${edge.name}-receiver`, ...session };
  // Kept below the window by the count of what was taken.
  const onMessage: OnMessage = (payload, properties) => {
    const parcel = parcelIn(payload);
    // More than a sender that counts can have sent: somebody else's, or what was promised, which comes again.
    if (parcel !== null && box.size < 3 * edge.window) box.force({ ...parcel, thanks: properties?.correlationData });
  };
  const client = await reach({ edge, access, options, free, onMessage });
  await subscribe({ edge, access, client, free }, dataOf(edge));
  return {
    receive: () =>
      box.read(({ thanks }) => {
        if (thanks !== undefined) client.publish(takenOf(edge), thanks, { qos: 1 });
      }),
    close: async () => {
      if (box.closed) return;
      box.close();
      await leave(client);
      free();
    },
  };
}
