import { once } from 'node:events';
import { unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Client } from 'undici';
import { type Address, addressText, cannotListen } from '../address.ts';
import { checkSize, type Carrier, type Edge, type Parcel, PeerGone, type Sender } from '../carrier.ts';
import { inOrder } from '../in-order.ts';
import { Mailbox } from '../mailbox.ts';
import { OpenEnds } from '../open-ends.ts';
import { labelText, readLabel } from '../parcel-codec.ts';
import { clearStaleSocket } from './stale-socket.ts';

/** A label may hold letters that a header may not. */
const LABEL = 'fieldproof-label';

/**
 * A request for each message over one connection that stays open; its path is the edge, and its body the message's bytes. It is answered once
 * there is room, and that is the back pressure. Edges that end at one address share its listener.
 */
export function httpCarrier(addressOf: (edge: Edge) => Address): Carrier {
  const ends = new OpenEnds();
  const listeners = new Map<string, HttpListener>();
  return {
    name: 'http',
    whileNobodyReceives: 'tells',
    openSender: async (edge) => openSender(edge, addressOf(edge), ends.claim(edge, 'sender')),
    openReceiver: async (edge) => {
      const free = ends.claim(edge, 'receiver');
      const address = addressOf(edge);
      const key = addressText(address);
      const listener =
        listeners.get(key) ??
        new HttpListener(address, () => {
          if (listeners.get(key) === listener) listeners.delete(key);
        });
      listeners.set(key, listener);
      return await openReceiver(edge, listener, free);
    },
  };
}

function openSender(edge: Edge, address: Address, free: () => void): Sender {
  const origin = 'socket' in address ? 'http://localhost' : `http://${address.host}:${address.port}`;
  // A receiver that has no room may let one wait for as long as it likes.
  const timeouts = { headersTimeout: 0, bodyTimeout: 0, connectTimeout: 10_000 };
  const client = new Client(origin, { ...timeouts, ...('socket' in address ? { socketPath: address.socket } : {}) });
  const path = pathOf(edge);
  const inTurn = inOrder();
  const post = async ({ label, bytes }: Parcel) => {
    const headers = { [LABEL]: encodeURIComponent(labelText(label)), 'content-type': 'application/octet-stream' };
    const answer = await client.request({ method: 'POST', path, headers, body: bytes }).catch((cause: unknown) => {
      throw new PeerGone(edge, { cause });
    });
    await answer.body.dump();
    if (answer.statusCode !== 204) throw new PeerGone(edge, { cause: new Error(`it answered with ${answer.statusCode}`) });
  };
  return {
    send: async (parcel) => {
      checkSize(edge, parcel);
      await inTurn(async () => await post(parcel));
    },
    close: async () => {
      await client.destroy();
      free();
    },
  };
}

const pathOf = ({ name }: Edge) => `/${encodeURIComponent(name)}`;

async function openReceiver(edge: Edge, listener: HttpListener, free: () => void) {
  const box = new Mailbox<Parcel>(edge.window);
  await listener.add(edge, box).catch((cause: unknown) => {
    free();
    return cannotListen(edge, listener.address, cause);
  });
  return {
    receive: () => box.read(),
    close: async () => {
      box.close();
      await listener.remove(edge);
      free();
    },
  };
}

/** One address, and the edges that end there: it listens while there is any. */
class HttpListener {
  readonly address: Address;
  readonly #edges = new Map<string, { edge: Edge; box: Mailbox<Parcel> }>();
  readonly #server: Server;
  readonly #listening: Promise<void>;
  readonly #ended: () => void;

  constructor(address: Address, ended: () => void) {
    this.address = address;
    this.#ended = ended;
    this.#server = createServer((request, response) => void this.#take(request, response));
    // Kept open while a stage has nothing to send.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#listening = listen(this.#server, address);
    this.#listening.catch(ended);
  }

  async add(edge: Edge, box: Mailbox<Parcel>): Promise<void> {
    this.#edges.set(pathOf(edge), { edge, box });
    await this.#listening;
  }

  async remove(edge: Edge): Promise<void> {
    if (!this.#edges.delete(pathOf(edge)) || this.#edges.size > 0) return;
    // Whoever opens an edge here from now on listens anew.
    this.#ended();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    if ('socket' in this.address) await unlink(this.address.socket).catch(() => {});
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const known = this.#edges.get(request.url ?? '');
    if (known === undefined) {
      request.resume();
      return void response.writeHead(404).end();
    }
    await take(known.edge, known.box, request, response);
  }
}

async function listen(server: Server, address: Address): Promise<void> {
  if ('socket' in address) await clearStaleSocket(address.socket);
  server.listen('socket' in address ? { path: address.socket } : address);
  await once(server, 'listening');
}

async function take(edge: Edge, box: Mailbox<Parcel>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const label = readLabel(decodeURIComponent(String(request.headers[LABEL])));
    const bytes = await readBody(request, edge.largest);
    if (bytes === null) return void response.writeHead(413).end();
    // Who has given up waiting sends it again: it would be here twice.
    response.writeHead((await box.put({ label, bytes }, () => !response.destroyed)) ? 204 : 503).end();
  } catch {
    response.writeHead(400).end();
  }
}

/** Null for one that is too large. Read into one piece at once, for its length is known. */
async function readBody(request: IncomingMessage, largest: number): Promise<Uint8Array | null> {
  const size = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(size <= largest)) return null;
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for await (const piece of request as AsyncIterable<Buffer>) at += piece.copy(bytes, at);
  if (at < size) throw new Error('the request ended early');
  return bytes;
}
