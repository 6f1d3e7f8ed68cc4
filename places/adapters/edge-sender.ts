import { encodeMessage, InputQueue, type Message } from '#graphs';
import type { Passage } from '../passages.ts';
import type { PlaceReport } from '../spec.ts';
import { FRAME_OVERHEAD, type FramedConnection } from './framed-connection.ts';

/** Messages under way at once: the other end says of each that it has it, so that none waits in a queue that nobody sees. */
const WINDOW = 4;

type Sent = PlaceReport['sent'][number];

export type EdgeSenderOptions = {
  /** Messages that wait here for a slow link; a frame more, and the oldest is dropped. */
  queue: number;
  now: () => number;
  /** Makes of a message what goes over the edge, such as a JPEG. */
  prepare: (message: Message) => Promise<Message>;
};

/** One end of an edge that leaves. */
export class EdgeSender {
  readonly edge: Passage;
  readonly #options: EdgeSenderOptions;
  readonly #waiting: InputQueue<Message>;
  readonly #tallies = new Map<string, { messages: number; bytes: number }>();
  readonly #dropped: Sent['dropped'] = [];
  #connection: FramedConnection | null = null;
  #underWay = 0;
  #preparing = false;
  #sent = 0;

  constructor(edge: Passage, options: EdgeSenderOptions) {
    this.edge = edge;
    this.#options = options;
    this.#waiting = new InputQueue(options.queue);
  }

  attach(connection: FramedConnection): void {
    this.#connection = connection;
    connection.listen(() => {
      this.#underWay = Math.max(0, this.#underWay - 1);
      void this.#pump();
    });
    void this.#pump();
  }

  send(message: Message): void {
    const dropped = this.#waiting.add(message);
    if (dropped !== null) {
      const { camera, capturedAt } = dropped;
      this.#dropped.push({ camera, capturedAt, at: this.#options.now() });
    }
    void this.#pump();
  }

  /** Messages that the other end does not have yet. */
  get waiting(): number {
    return this.#waiting.size + this.#underWay + (this.#preparing ? 1 : 0);
  }

  get sent(): number {
    return this.#sent;
  }

  /** By reader: bytes went once, for the first of them; what was dropped is missing for all. */
  report(): Sent[] {
    const { from, readers } = this.edge;
    const bytes = [...this.#tallies].map(([camera, tally]) => ({ camera, ...tally }));
    return readers.map((to, index) => ({ from, to, bytes: index === 0 ? bytes : [], dropped: this.#dropped }));
  }

  async #pump(): Promise<void> {
    const connection = this.#connection;
    if (connection === null || this.#preparing) return;
    this.#preparing = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#underWay += 1;
      const bytes = encodeMessage(await this.#options.prepare(next));
      connection.write(bytes);
      this.#sent += 1;
      const tally = this.#tallies.get(next.camera) ?? { messages: 0, bytes: 0 };
      const size = tally.bytes + bytes.byteLength + FRAME_OVERHEAD;
      this.#tallies.set(next.camera, { messages: tally.messages + 1, bytes: size });
    }
    this.#preparing = false;
  }

  #next(): Message | undefined {
    return this.#underWay < WINDOW ? this.#waiting.take() : undefined;
  }
}
