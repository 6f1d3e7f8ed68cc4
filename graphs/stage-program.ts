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

/** State by camera, and no more than so many cameras: whoever was seen last stays. */
export class PerCamera<S> {
  readonly #most: number;
  readonly #begin: () => S;
  readonly #states = new Map<string, S>();

  constructor(begin: () => S, most = 1024) {
    this.#begin = begin;
    this.#most = most;
  }

  of(camera: string): S {
    const state = this.#states.get(camera) ?? this.#begin();
    this.#states.delete(camera);
    this.#states.set(camera, state);
    const [oldest] = this.#states.keys();
    if (this.#states.size > this.#most && oldest !== undefined) this.#states.delete(oldest);
    return state;
  }
}
