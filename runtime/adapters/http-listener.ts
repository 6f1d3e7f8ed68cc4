import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CouldNotRun, reasonOf } from '#kernel';
import type { Address } from '../arguments.ts';
import type { ServedModel } from '../model-parts.ts';
import { answer, failure, type HttpAnswer, type HttpRequest } from '../server.ts';

const MAX_BODY = 256 * 1024 * 1024;

export type Listener = {
  /** Where it listens: `http://127.0.0.1:8000`, or `unix:/run/model.sock`. */
  address: string;
  /** Answers what was asked, takes nothing new. */
  close(): Promise<void>;
};

/** Serves a model over HTTP. @throws CouldNotRun when the address can't be had */
export async function listen(served: ServedModel, address: Address): Promise<Listener> {
  return await listenFor(async (request) => await answer(served, request), address);
}

type Answering = (request: HttpRequest) => Promise<HttpAnswer>;

/** Answers whatever is asked over HTTP. @param answering never rejects @throws CouldNotRun when the address can't be had */
export async function listenFor(answering: Answering, address: Address, mostBytes = MAX_BODY): Promise<Listener> {
  const server = createServer((request, response) => {
    respond({ answering, mostBytes }, request, response).catch(() => response.destroy());
  });
  // Clients keep connections and may be paused for minutes; one that is closed under them costs them a request.
  server.keepAliveTimeout = 0;
  server.on('clientError', (_, socket) => socket.destroy());
  await open(server, address);
  return {
    address: addressOf(server, address),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeIdleConnections();
      }),
  };
}

async function open(server: Server, address: Address): Promise<void> {
  try {
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      const options = address.kind === 'tcp' ? { host: address.host, port: address.port } : { path: address.path };
      server.listen({ ...options, backlog: 128 }, listening);
    });
  } catch (cause) {
    const file = address.kind === 'tcp' ? `${address.host}:${address.port}` : address.path;
    throw new CouldNotRun(
      { file, message: `can't listen: ${reasonOf(cause)}`, remedy: 'free the address, or choose another' },
      { cause },
    );
  }
}

function addressOf(server: Server, address: Address): string {
  const bound = server.address();
  if (address.kind === 'socket' || bound === null || typeof bound === 'string')
    return `unix:${address.kind === 'socket' ? address.path : ''}`;
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
}

type Asked = { answering: Answering; mostBytes: number };

async function respond({ answering, mostBytes }: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request, mostBytes);
  if (body === null) return;
  if (!(body instanceof Uint8Array)) return send(response.setHeader('Connection', 'close'), body);
  const { method = '', url = '', headers } = request;
  const lengthHeader = headers['inference-header-content-length'];
  const headerLength = typeof lengthHeader === 'string' ? lengthHeader : undefined;
  send(response, await answering({ method, path: url, headerLength, body }));
}

/** The body in one piece; a refusal when it is too large or encoded; null when the client went away. */
async function readBody(request: IncomingMessage, mostBytes: number): Promise<Uint8Array | HttpAnswer | null> {
  const { 'content-length': declared, 'content-encoding': encoding } = request.headers;
  if (encoding !== undefined && encoding !== 'identity')
    return failure(415, `Content-Encoding ${encoding}: send the body as it is`);
  const tooLarge = () => failure(413, `the body is larger than ${mostBytes} bytes: send fewer pictures at a time`);
  if (Number(declared ?? 0) > mostBytes) return tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > mostBytes) return tooLarge();
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
}

function send(response: ServerResponse, { status, headerLength, body }: HttpAnswer): void {
  const binary = headerLength !== null;
  response.writeHead(status, {
    'Content-Type': binary ? 'application/octet-stream' : 'application/json',
    'Content-Length': body.byteLength,
    ...(binary && { 'Inference-Header-Content-Length': headerLength }),
  });
  response.end(body);
}
