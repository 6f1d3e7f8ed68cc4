import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { cannotListen } from '../address.ts';
import { checkSize, type Carrier, type Edge, type Parcel, PeerGone, type Receiver, type Sender } from '../carrier.ts';
import { inOrder } from '../in-order.ts';
import { Mailbox } from '../mailbox.ts';
import { OpenEnds } from '../open-ends.ts';
import { readLabel } from '../parcel-codec.ts';
import { Unanswered } from '../unanswered.ts';
import { clearStaleSocket } from './stale-socket.ts';

/** A file system in memory; where there is none, the file is an ordinary one, and so is its speed. */
const MEMORY = '/dev/shm';

/** What goes over the doorbell, a line of JSON each: the receiver's file, the sender's parcels, and the receiver's thanks. */
type Hello = { file: string };
type Bell = { slot: number; size: number; label: unknown };

/**
 * Between two processes, as far as Node goes: it maps no memory, so the bytes are written to and read from a file in memory (one
 * copy in, one out, no kernel buffer of a socket between), and a unix socket is the doorbell.
 * @param socketOf where the doorbell of an edge hangs; whoever may open it may send
 */
export function sharedFileCarrier(socketOf: (edge: Edge) => string): Carrier {
  const ends = new OpenEnds();
  return {
    name: 'shared-file',
    whileNobodyReceives: 'tells',
    openSender: async (edge) => openSender(edge, socketOf(edge), ends.claim(edge, 'sender')),
    openReceiver: async (edge) => await openReceiver(edge, socketOf(edge), ends.claim(edge, 'receiver')),
  };
}

function openSender(edge: Edge, doorbell: string, free: () => void): Sender {
  const inTurn = inOrder();
  let line: Line | null = null;
  const ring = async (parcel: Parcel) => {
    if (line === null || line.unanswered.gone) line = await Line.open(edge, doorbell);
    await line.unanswered.room();
    return { answered: line.send(parcel) };
  };
  return {
    send: async (parcel) => {
      checkSize(edge, parcel);
      // What is written next need not wait for the answer to this.
      const { answered } = await inTurn(async () => await ring(parcel));
      await answered;
    },
    close: async () => {
      line?.close();
      free();
    },
  };
}

/** A sender's connection. A slot is free again once its parcel was taken in. */
class Line {
  readonly unanswered: Unanswered;
  readonly #edge: Edge;
  readonly #socket: Socket;
  readonly #file: number;
  #sent = 0;

  private constructor(edge: Edge, socket: Socket, file: number) {
    this.#edge = edge;
    this.#socket = socket;
    this.#file = file;
    this.unanswered = new Unanswered(edge.window);
    socket.once('close', () => this.#end()).on('data', ({ length }) => this.unanswered.answered(length));
  }

  static async open(edge: Edge, doorbell: string): Promise<Line> {
    const socket = connect(doorbell);
    try {
      // A connection that ends before it says where the file is says nothing more.
      const ended = once(socket, 'close').then(() => Promise.reject(new Error('it hung up')));
      socket.on('error', () => {});
      const [hello] = (await Promise.race([once(socket, 'data'), ended])) as [Buffer];
      const { file } = JSON.parse(hello.toString()) as Hello;
      return new Line(edge, socket, openSync(file, constants.O_RDWR));
    } catch (cause) {
      socket.destroy();
      throw new PeerGone(edge, { cause });
    }
  }

  async send({ label, bytes }: Parcel): Promise<void> {
    const answer = this.unanswered.answer();
    if (!this.unanswered.gone) {
      const slot = this.#sent % this.#edge.window;
      writeSync(this.#file, bytes, 0, bytes.byteLength, slot * this.#edge.largest);
      this.#sent += 1;
      this.#socket.write(`${JSON.stringify({ slot, size: bytes.byteLength, label } satisfies Bell)}\n`);
    }
    await answer;
  }

  close(): void {
    this.#socket.end();
    this.#end();
  }

  #end(): void {
    if (this.unanswered.gone) return;
    closeSync(this.#file);
    this.unanswered.end(new PeerGone(this.#edge));
  }
}

async function openReceiver(edge: Edge, doorbell: string, free: () => void): Promise<Receiver> {
  const file = path.join(existsSync(MEMORY) ? MEMORY : tmpdir(), `fieldproof-${edge.name}-${randomUUID()}`);
  const memory = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  const box = new Mailbox<Parcel>(edge.window);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => {});
    listenTo(edge, memory, box, socket);
    socket.write(JSON.stringify({ file } satisfies Hello));
  });
  const forget = () => {
    closeSync(memory);
    unlinkSync(file);
    free();
  };
  await hang(server, doorbell).catch((cause: unknown) => {
    forget();
    return cannotListen(edge, { socket: doorbell }, cause);
  });
  return {
    receive: () => box.read(),
    close: async () => {
      if (box.closed) return;
      box.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await unlink(doorbell).catch(() => {});
      forget();
    },
  };
}

async function hang(server: Server, doorbell: string): Promise<void> {
  await clearStaleSocket(doorbell);
  server.listen({ path: doorbell });
  await once(server, 'listening');
}

/** A parcel is answered once there is room for it; until then its slot stays as it is. */
function listenTo(edge: Edge, memory: number, box: Mailbox<Parcel>, socket: Socket): void {
  const inTurn = inOrder();
  const take = async (line: string) => {
    if (await box.put(readSlot(edge, memory, JSON.parse(line) as Bell))) socket.write(Uint8Array.of(1));
  };
  // What is no bell was sent by no stage.
  const hangUp = () => void socket.destroy();
  createInterface({ input: socket }).on('line', (line) => void inTurn(async () => await take(line)).catch(hangUp));
}

function readSlot(edge: Edge, memory: number, { slot, size, label }: Bell): Parcel {
  const known = readLabel(JSON.stringify(label));
  if (!(slot >= 0 && slot < edge.window && size >= 0 && size <= edge.largest)) throw new RangeError('no slot of this edge');
  const bytes = Buffer.allocUnsafeSlow(size);
  readSync(memory, bytes, 0, size, slot * edge.largest);
  return { label: known, bytes };
}
