import { ProtocolError } from '#kernel';
import { decodeMessage, encodeMessage, SequenceWatch, type Made, type MessageKind, type StageProgram } from '#graphs';
import type { Address } from '../spec.ts';
import { connectTo } from './connections.ts';

/** Messages that one answer may hold. */
const MOST_ANSWERS = 1000;

/**
 * A program of somebody else's as a stage: a message goes to it in a frame, and its answer is a frame that says how many messages
 * follow, in four bytes, and these, in a frame each, numbered by camera.
 * @param gives the only kind that it may answer with
 * @throws Error when nobody listens there
 */
export async function stageProgramAt(address: Address, gives: MessageKind): Promise<StageProgram> {
  const connection = await connectTo(address);
  const watch = new SequenceWatch();
  const begun = new Set<string>();
  let asked: { expected: number | null; made: Made[]; done: (made: Made[]) => void; fail: (reason: Error) => void } | null = null;
  connection.listen((bytes) => {
    if (asked === null) return connection.destroy();
    try {
      if (asked.expected === null) asked.expected = countIn(bytes);
      else asked.made.push(checked(bytes, gives, { watch, begun }));
      if (asked.made.length === asked.expected) asked.done(asked.made);
    } catch (thrown) {
      asked.fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
      connection.destroy();
    }
  });
  let gone = false;
  connection.onEnd(() => {
    gone = true;
    asked?.fail(new Error('its program ended, or closed the connection'));
  });
  return {
    async take(message) {
      if (gone) throw new Error('its program ended, or closed the connection');
      const answer = new Promise<Made[]>((done, fail) => (asked = { expected: null, made: [], done, fail }));
      connection.write(encodeMessage(message));
      return await answer.finally(() => (asked = null));
    },
  };
}

function countIn(bytes: Uint8Array): number {
  const count = bytes.byteLength === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true) : Number.NaN;
  if (count <= MOST_ANSWERS) return count;
  throw new ProtocolError(`its answer begins with ${bytes.byteLength} bytes, and not with a count up to ${MOST_ANSWERS}`);
}

/** A program may have answered others before: the first number of each camera is taken as it is. */
type Numbers = { watch: SequenceWatch; begun: Set<string> };

/** @throws ProtocolError for another kind, and for what came before already or in another order */
function checked(bytes: Uint8Array, gives: MessageKind, { watch, begun }: Numbers): Made {
  const message = decodeMessage(bytes);
  if (message.kind !== gives) throw new ProtocolError(`it answers with ${message.kind}, and was said to give ${gives}`);
  const arrival = watch.arrived(message);
  const { camera, sequence } = message;
  const isFirst = !begun.has(camera);
  begun.add(camera);
  if (arrival.kind === 'next' || isFirst) return message;
  const what = { again: 'it has given before', late: 'which is out of order', gap: 'and leaves some before it out' }[
    arrival.kind
  ];
  throw new ProtocolError(
    `it answers with number ${sequence} of ${camera}, ${arrival.kind === 'again' ? `which ${what}` : what}`,
  );
}
