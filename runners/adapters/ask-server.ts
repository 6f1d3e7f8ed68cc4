import type { Dispatcher, Pool } from 'undici';
import { ProtocolError, reasonOf } from '#kernel';
import { printable } from './log-tail.ts';

/**
 * `wrong`: something came back, and it is no answer. `broken`: the connection failed, for the server may just have died. `late`:
 * nothing came in time.
 */
export type Failing = 'wrong' | 'broken' | 'late';

/** What is wrong with an answer, or that there is none; the message says what came back. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly failing: Failing;

  constructor(message: string, { failing = 'wrong', cause }: { failing?: Failing; cause?: unknown } = {}) {
    super(message, { cause });
    this.failing = failing;
  }
}

export type Answer = { status: number; headerLength: number | null; body: Uint8Array };
export type Asked = { body?: Uint8Array; headers?: Record<string, string> };
/** @throws NoAnswer when nothing came, or not in time */
export type Ask = (method: Dispatcher.HttpMethod, path: string, asked?: Asked) => Promise<Answer>;

export const HEADER_LENGTH = 'inference-header-content-length';

/** @param answerWithin milliseconds for the whole of an answer, from the moment of asking */
export function askThrough(pool: Pool, answerWithin: number): Ask {
  return async (method, path, asked = {}) => {
    try {
      const signal = AbortSignal.timeout(answerWithin);
      const { statusCode, headers, body } = await pool.request({ method, path, signal, ...asked });
      return { status: statusCode, headerLength: lengthIn(headers[HEADER_LENGTH]), body: await body.bytes() };
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'TimeoutError') {
        throw new NoAnswer(`${method} ${path} was not answered within ${answerWithin} ms`, { failing: 'late', cause });
      }
      throw new NoAnswer(`${method} ${path} failed: ${reasonOf(cause)}`, { failing: 'broken', cause });
    }
  };
}

/** @throws NoAnswer for another status than 200, and for what is not as the protocol has it */
export function readAnswer<T>(answer: Answer, read: (answer: Answer) => T): T {
  if (answer.status !== 200) throw new NoAnswer(`it answered with status ${answer.status}: ${startOf(answer.body)}`);
  try {
    return read(answer);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new NoAnswer(
      `its answer is not as the inference protocol has it: ${cause.message}; it begins ${startOf(answer.body)}`,
      { cause },
    );
  }
}

/** @throws ProtocolError */
export function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new ProtocolError('not JSON', { cause });
  }
}

/** A header that is there and no number is kept as NaN, which no body can match. */
function lengthIn(header: string | string[] | undefined): number | null {
  if (header === undefined) return null;
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : Number.NaN;
}

function startOf(body: Uint8Array): string {
  if (body.byteLength === 0) return 'with nothing (an empty body)';
  return JSON.stringify(printable(Buffer.from(body.subarray(0, 400)).toString('utf8'), 200));
}
