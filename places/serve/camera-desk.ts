import type { Message, MessageOf } from '#graphs';
import type { Looked } from './stage-port.ts';

/** Milliseconds by which the clock of a camera may be ahead. */
const AHEAD = 60_000;
/** Cameras of one site; what is remembered of each is small, and of names that anybody makes up, without end. */
const MOST_CAMERAS = 1000;

type Frame = Omit<MessageOf<'frame'>, 'camera' | 'capturedAt'>;

export type CameraPorts = {
  now: () => number;
  /** How many messages wait for the stage. */
  waiting: () => number;
  /** Null for what is no picture. */
  pictureOf: (bytes: Uint8Array) => Promise<Frame | null>;
  /** Has the stage work on it in its turn. @returns why it could not */
  work: (message: Message) => Promise<string | null>;
};

/** Takes pictures of the cameras of a site, as many as there is time for. */
export class CameraDesk {
  readonly #site: string;
  readonly #queue: number;
  readonly #ports: CameraPorts;
  readonly #cameras = new Set<string>();
  #looking = 0;

  constructor(site: string, queue: number, ports: CameraPorts) {
    this.#site = site;
    this.#queue = queue;
    this.#ports = ports;
  }

  async look(name: string, given: number | null, bytes: Uint8Array): Promise<Looked> {
    const { now, waiting, pictureOf, work } = this.#ports;
    const capturedAt = given ?? now();
    if (capturedAt > now() + AHEAD) return 'not of now';
    if (!this.#cameras.has(name) && this.#cameras.size >= MOST_CAMERAS) return 'too many cameras';
    // Counted before it is decoded, which takes as much as all that waits.
    if (waiting() + this.#looking >= this.#queue) return 'no time';
    this.#looking += 1;
    const frame = await pictureOf(bytes).finally(() => (this.#looking -= 1));
    if (frame === null) return 'no picture';
    this.#cameras.add(name);
    const failed = await work({ ...frame, camera: `${this.#site}/${name}`, capturedAt });
    return failed === null ? 'taken' : { failed };
  }
}
