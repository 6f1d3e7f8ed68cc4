/**
 * A stage of somebody's own, for tests: says that a person is where a frame is bright, and misbehaves as it is told.
 *
 *     node scripted.ts <socket> <behaviour>
 */
import { rmSync } from 'node:fs';
import net from 'node:net';
import { CONTRACT_VERSION, decodeMessage, encodeMessage, type Message } from '../../graphs/index.ts';
import { FramedConnection } from '../../places/adapters/framed-connection.ts';

const [, , path = '', behaviour = 'good'] = process.argv;
const MISBEHAVES_AFTER = 5;
// What was there before a restart is there still.
rmSync(path, { force: true });
let asked = 0;

net
  .createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const connection = new FramedConnection(socket);
    connection.listen((bytes) => {
      asked += 1;
      const answer = answerTo(decodeMessage(bytes));
      const isBad = asked > MISBEHAVES_AFTER;
      if (isBad && behaviour === 'crashes') process.exit(1);
      if (isBad && behaviour === 'stalls') return;
      if (isBad && behaviour === 'babbles') return connection.write(new TextEncoder().encode('{}'));
      const messages = isBad ? spoiled(answer) : [answer];
      const count = new Uint8Array(4);
      new DataView(count.buffer).setUint32(0, messages.length, true);
      connection.write(count);
      for (const message of messages) connection.write(encodeMessage(message));
    });
  })
  .listen(path, () => console.log('listening'));

const numbers = new Map<string, number>();

function answerTo(message: Message): Message {
  const number = numbers.get(message.camera) ?? 0;
  numbers.set(message.camera, number + 1);
  const { camera, capturedAt, body } = message;
  const { width, height } = message.kind === 'frame' ? message.about : { width: 1, height: 1 };
  const rows = (body[0] ?? 0) > 128 ? [1, 1, width - 1, height - 1, 0.9, 0] : [];
  return {
    contract: CONTRACT_VERSION,
    kind: 'detections',
    camera,
    sequence: number,
    capturedAt,
    stamps: [],
    promised: false,
    about: { width, height, rows: rows.length / 6, classes: ['person'] },
    body: new Uint8Array(Float32Array.from(rows).buffer),
  };
}

function spoiled(answer: Message): Message[] {
  if (behaviour === 'answers-twice') return [answer, answer];
  if (behaviour === 'out-of-order') return [{ ...answer, sequence: answer.sequence + 1 }, answer];
  if (behaviour === 'another-kind')
    return [{ ...answer, kind: 'embedding', about: { dimensions: 1, box: null, class: null }, body: new Uint8Array(4) }];
  return [answer];
}
