import { setImmediate as turn } from 'node:timers/promises';

/** What a source says when it has worked without having anything to give yet. */
export const WORKING = Symbol('working');

/** Milliseconds of work after which the event loop gets its turn. */
const SLICE = 4;

/**
 * Draws a synchronous source while the consumer is busy with what it already has, so that the next values are ready
 * when it comes back. Other work of the process waits for no more than one step of the source.
 * @param ahead how many values may be ready and untaken
 */
export async function* readAhead<T>(source: Iterator<T | typeof WORKING>, ahead: number): AsyncGenerator<T, void, undefined> {
  const state = { ready: [] as T[], ended: false, wake: Promise.withResolvers<void>(), room: Promise.withResolvers<void>() };
  const drawing = draw(source, ahead, state).finally(() => {
    state.ended = true;
    state.wake.resolve();
  });
  // Awaited below; until then a failure must not count as unhandled.
  drawing.catch(() => {});
  try {
    while (state.ready.length > 0 || !state.ended) {
      if (state.ready.length === 0) {
        state.wake = Promise.withResolvers();
        await state.wake.promise;
      }
      while (state.ready.length > 0) {
        const value = state.ready.shift() as T;
        state.room.resolve();
        yield value;
      }
    }
    await drawing;
  } finally {
    state.ended = true;
    state.room.resolve();
    source.return?.();
  }
}

type State<T> = { ready: T[]; ended: boolean; wake: PromiseWithResolvers<void>; room: PromiseWithResolvers<void> };

async function draw<T>(source: Iterator<T | typeof WORKING>, ahead: number, state: State<T>): Promise<void> {
  let since = performance.now();
  while (!state.ended) {
    const { done, value } = source.next();
    if (done) return;
    if (value !== WORKING) state.ready.push(value);
    state.wake.resolve();
    if (state.ready.length >= ahead) {
      state.room = Promise.withResolvers();
      await state.room.promise;
    } else if (performance.now() - since < SLICE) {
      continue;
    }
    // The consumer goes first with what it has just taken.
    await turn();
    since = performance.now();
  }
}
