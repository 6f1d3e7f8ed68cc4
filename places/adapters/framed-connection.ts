import type { Duplex } from 'node:stream';

/** A message of more bytes is no message. */
const LARGEST = 64 << 20;

/** A connection on which bytes go after their length in four bytes, little endian. What comes before anybody listens waits. */
export class FramedConnection {
  readonly #connection: Duplex;
  readonly #early: Uint8Array[] = [];
  #listener: ((bytes: Uint8Array) => void) | null = null;
  #chunks: Buffer[] = [];
  #held = 0;

  constructor(connection: Duplex) {
    this.#connection = connection;
    connection.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** From now on frames go there, those that came before first. */
  listen(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
    for (const bytes of this.#early.splice(0)) listener(bytes);
  }

  write(bytes: Uint8Array): void {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.byteLength);
    this.#connection.cork();
    this.#connection.write(length);
    this.#connection.write(bytes);
    this.#connection.uncork();
  }

  /** Bytes that have not left yet. */
  get pending(): number {
    return this.#connection.writableLength;
  }

  /** Runs once the other end has gone, for whatever reason. */
  onEnd(ended: () => void): void {
    this.#connection.once('close', ended);
  }

  end(): void {
    this.#connection.end();
  }

  destroy(): void {
    this.#connection.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.byteLength;
    for (let frame = this.#next(); frame !== null && !this.#connection.destroyed; frame = this.#next()) {
      if (this.#listener === null) this.#early.push(frame);
      else this.#listener(frame);
    }
  }

  /** Null where it is not all here; one that claims too much ends the connection. */
  #next(): Uint8Array | null {
    if (this.#held < 4) return null;
    if ((this.#chunks[0]?.byteLength ?? 0) < 4) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = this.#chunks[0]?.readUInt32LE(0) ?? 0;
    if (length > LARGEST) this.destroy();
    if (length > LARGEST || this.#held < 4 + length) return null;
    const [only] = this.#chunks;
    const whole = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    const rest = whole.subarray(4 + length);
    this.#chunks = rest.byteLength === 0 ? [] : [rest];
    this.#held = rest.byteLength;
    return new Uint8Array(whole.subarray(4, 4 + length));
  }
}

/** What a frame takes beside its bytes. */
export const FRAME_OVERHEAD = 4;
