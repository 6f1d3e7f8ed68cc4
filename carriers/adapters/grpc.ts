import { once } from 'node:events';
import { unlink } from 'node:fs/promises';
import {
  type ClientDuplexStream,
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { type Address, cannotListen } from '../address.ts';
import { checkSize, type Carrier, type Edge, type Parcel, PeerGone, type Receiver, type Sender } from '../carrier.ts';
import { inOrder } from '../in-order.ts';
import { Mailbox } from '../mailbox.ts';
import { OpenEnds } from '../open-ends.ts';
import { packParcel, unpackParcel } from '../parcel-codec.ts';
import { Unanswered } from '../unanswered.ts';
import { clearStaleSocket } from './stale-socket.ts';

const raw = (bytes: Buffer) => bytes;
/** Messages are no protocol buffers: a label and bytes need no schema but their own, and a frame is not copied once more. */
const CARRY = {
  path: '/fieldproof.Edge/Carry',
  requestStream: true,
  responseStream: true,
  requestSerialize: raw,
  requestDeserialize: raw,
  responseSerialize: raw,
  responseDeserialize: raw,
} as const;

type Call = ServerDuplexStream<Buffer, Buffer>;

/** One stream for all messages of an edge; an empty answer to each that was taken is the back pressure. */
export function grpcCarrier(addressOf: (edge: Edge) => Address): Carrier {
  const ends = new OpenEnds();
  return {
    name: 'grpc',
    whileNobodyReceives: 'tells',
    openSender: async (edge) => openSender(edge, addressOf(edge), ends.claim(edge, 'sender')),
    openReceiver: async (edge) => await openReceiver(edge, addressOf(edge), ends.claim(edge, 'receiver')),
  };
}

const target = (address: Address) => ('socket' in address ? `unix:${address.socket}` : `${address.host}:${address.port}`);
const options = ({ largest }: Edge) => ({
  'grpc.max_receive_message_length': largest + 2048,
  'grpc.max_send_message_length': largest + 2048,
  'grpc.enable_retries': 0,
  // A connection that failed would else be tried again no sooner than after a wait that all connections of the process share.
  'grpc.use_local_subchannel_pool': 1,
});

function openSender(edge: Edge, address: Address, free: () => void): Sender {
  const inTurn = inOrder();
  let stream: Stream | null = null;
  const write = async (parcel: Parcel) => {
    if (stream === null || stream.unanswered.gone) {
      stream?.end();
      stream = new Stream(edge, new Client(target(address), credentials.createInsecure(), options(edge)));
    }
    await stream.unanswered.room();
    return { answered: stream.send(parcel) };
  };
  return {
    send: async (parcel) => {
      checkSize(edge, parcel);
      // What is written next need not wait for the answer to this.
      const { answered } = await inTurn(async () => await write(parcel));
      await answered;
    },
    close: async () => {
      stream?.end();
      free();
    },
  };
}

/** A sender's stream, and its connection. */
class Stream {
  readonly unanswered: Unanswered;
  readonly #client: Client;
  readonly #call: ClientDuplexStream<Buffer, Buffer>;

  constructor(edge: Edge, client: Client) {
    this.#client = client;
    this.#call = client.makeBidiStreamRequest(CARRY.path, raw, raw);
    this.unanswered = new Unanswered(edge.window);
    const gone = (cause?: unknown) => this.unanswered.end(new PeerGone(edge, { cause }));
    this.#call.on('data', () => this.unanswered.answered());
    this.#call.once('error', gone).once('end', () => gone());
  }

  async send(parcel: Parcel): Promise<void> {
    const answer = this.unanswered.answer();
    if (!this.unanswered.gone) this.#call.write(Buffer.from(packParcel(parcel).buffer));
    await answer;
  }

  end(): void {
    this.#call.cancel();
    this.#client.close();
  }
}

async function openReceiver(edge: Edge, address: Address, free: () => void): Promise<Receiver> {
  const server = new Server(options(edge));
  const box = new Mailbox<Parcel>(edge.window);
  const definition: ServiceDefinition = { carry: CARRY };
  server.addService(definition, { carry: (call: Call) => void take(box, call) });
  await bind(server, address).catch((cause: unknown) => {
    free();
    return cannotListen(edge, address, cause);
  });
  return {
    receive: () => box.read(),
    close: async () => {
      box.close();
      server.forceShutdown();
      if ('socket' in address) await unlink(address.socket).catch(() => {});
      free();
    },
  };
}

async function bind(server: Server, address: Address): Promise<void> {
  if ('socket' in address) await clearStaleSocket(address.socket);
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(target(address), ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
}

async function take(box: Mailbox<Parcel>, call: Call): Promise<void> {
  call.on('error', () => {});
  try {
    for await (const packed of call as AsyncIterable<Buffer>) {
      const taken = await box.put(unpackParcel(packed));
      if (!taken || call.cancelled) break;
      if (!call.write(Buffer.alloc(0))) await once(call, 'drain');
    }
  } catch {
    // What is no parcel, or a caller that went away: the stream ends, and its sender is told.
  }
  call.end();
}
