import { once } from 'node:events';
import { connect, createServer, type ListenOptions, type NetConnectOpts, type Server, type Socket } from 'node:net';

/** Bytes that went through, from who connected (up) and back. */
export type Counted = { up: number; down: number };

/** Takes connections and carries their bytes on to somewhere else, both ways; an end that closes is told to the other. */
export class Relay {
  readonly counted: Counted = { up: 0, down: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(to: NetConnectOpts) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (from) => this.#join(from, to));
  }

  /** @returns the port, where it listens at one */
  async listen(at: ListenOptions | Server): Promise<number> {
    this.#server.listen(at);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(from: Socket, target: NetConnectOpts): void {
    const to = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const ends = [from, to];
    for (const [index, socket] of ends.entries()) {
      const other = ends[1 - index];
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other?.destroy();
      });
    }
    from.on('data', ({ length }) => void (this.counted.up += length));
    to.on('data', ({ length }) => void (this.counted.down += length));
    from.pipe(to);
    to.pipe(from);
  }
}
