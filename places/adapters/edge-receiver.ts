import { decodeMessage, type Message, SequenceWatch } from '#graphs';
import type { Passage } from '../passages.ts';
import type { PlaceReport } from '../spec.ts';
import type { FramedConnection } from './framed-connection.ts';

/** What the sender is told of each message. */
const RECEIVED = new Uint8Array();

type Received = PlaceReport['received'][number];

/** One end of an edge that comes in: what comes again or late is counted, and worked on by nobody. */
export class EdgeReceiver {
  readonly edge: Passage;
  readonly #watch = new SequenceWatch();
  readonly #counts = { messages: 0, again: 0, late: 0, missing: 0 };

  constructor(edge: Passage) {
    this.edge = edge;
  }

  /** @param fault is told of bytes that are no message; their connection ends */
  attach(connection: FramedConnection, deliver: (message: Message) => void, fault: (reason: string) => void): void {
    connection.listen((bytes) => {
      try {
        this.#take(decodeMessage(bytes), deliver);
        connection.write(RECEIVED);
      } catch (thrown) {
        fault(`${this.edge.from} -> ${this.edge.to}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        connection.destroy();
      }
    });
  }

  get messages(): number {
    return this.#counts.messages;
  }

  report(): Received {
    const { from, to } = this.edge;
    return { from, to, ...this.#counts };
  }

  #take(message: Message, deliver: (message: Message) => void): void {
    this.#counts.messages += 1;
    const arrival = this.#watch.arrived(message);
    if (arrival.kind === 'again' || arrival.kind === 'late') {
      this.#counts[arrival.kind] += 1;
      return;
    }
    if (arrival.kind === 'gap') this.#counts.missing += arrival.missing;
    deliver(message);
  }
}
