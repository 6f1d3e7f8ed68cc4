import { once } from 'node:events';
import { unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Client } from 'undici';
import { type Address, cannotListen } from '../address.ts';
import { checkSize, type Carrier, type Edge, type Parcel, PeerGone, type Sender } from '../carrier.ts';
import { inOrder } from '../in-order.ts';
import { Mailbox } from '../mailbox.ts';
import { OpenEnds } from '../open-ends.ts';
import { labelText, readLabel } from '../parcel-codec.ts';
import { clearStaleSocket } from './stale-socket.ts';

/** A label may hold letters that a header may not. */
const LABEL = 'fieldproof-label';

/**
 * A request for each message over one connection that stays open; its body is the message's bytes. It is answered once there is room, and
 * that is the back pressure.
 */
export function httpCarrier(addressOf: (edge: Edge) => Address): Carrier {
  const ends = new OpenEnds();
  return {
    name: 'http',
    whileNobodyReceives: 'tells',
    openSender: async (edge) => openSender(edge, addressOf(edge), ends.claim(edge, 'sender')),
    openReceiver: async (edge) => await openReceiver(edge, addressOf(edge), ends.claim(edge, 'receiver')),
  };
}

function openSender(edge: Edge, address: Address, free: () => void): Sender {
  const origin = 'socket' in address ? 'http://localhost' : `http://${address.host}:${address.port}`;
  // A receiver that has no room may let one wait for as long as it likes.
  const timeouts = { headersTimeout: 0, bodyTimeout: 0, connectTimeout: 10_000 };
  const client = new Client(origin, { ...timeouts, ...('socket' in address ? { socketPath: address.socket } : {}) });
  const inTurn = inOrder();
  const post = async ({ label, bytes }: Parcel) => {
    const headers = { [LABEL]: encodeURIComponent(labelText(label)), 'content-type': 'application/octet-stream' };
    const answer = await client.request({ method: 'POST', path: '/', headers, body: bytes }).catch((cause: unknown) => {
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

async function openReceiver(edge: Edge, address: Address, free: () => void) {
  const box = new Mailbox<Parcel>(edge.window);
  const server = createServer((request, response) => void take(edge, box, request, response));
  // Kept open while a stage has nothing to send.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await listen(server, address).catch((cause: unknown) => {
    free();
    return cannotListen(edge, address, cause);
  });
  return {
    receive: () => box.read(),
    close: async () => {
      box.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if ('socket' in address) await unlink(address.socket).catch(() => {});
      free();
    },
  };
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
    response.writeHead((await box.put({ label, bytes })) ? 204 : 503).end();
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
