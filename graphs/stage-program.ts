import type { Message } from './message.ts';

/** What a stage makes of a message, before it is numbered, stamped and sent. */
export type Made = Message extends infer M
  ? M extends Message
    ? Pick<M, 'kind' | 'about' | 'body' | 'promised'>
    : never
  : never;

/** A stage at work. It is given one message at a time, and may remember what it has seen of each camera. */
export interface StageProgram {
  take(message: Message): readonly Made[] | Promise<readonly Made[]>;
}

/** Milliseconds by which a message may be older than the one before it. More than that, and the clock of the camera was set back. */
const BACK = 1000;

/** State by camera, and no more than so many cameras: whoever was seen last stays. Where a camera's time goes back, its state begins anew. */
export class PerCamera<S> {
  readonly #most: number;
  readonly #begin: () => S;
  readonly #states = new Map<string, { state: S; at: number }>();

  constructor(begin: () => S, most = 1024) {
    this.#begin = begin;
    this.#most = most;
  }

  of({ camera, capturedAt }: { camera: string; capturedAt: number }): S {
    const known = this.#states.get(camera);
    const kept = known !== undefined && capturedAt >= known.at - BACK ? known : { state: this.#begin(), at: capturedAt };
    this.#states.delete(camera);
    this.#states.set(camera, { state: kept.state, at: Math.max(kept.at, capturedAt) });
    const [oldest] = this.#states.keys();
    if (this.#states.size > this.#most && oldest !== undefined) this.#states.delete(oldest);
    return kept.state;
  }
}
