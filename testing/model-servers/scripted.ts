/**
 * A model server that behaves as the file `behaviour` in its model's folder says, well or badly. It imports nothing but
 * Node, so that it also runs alone in an image. The score of class c is the first byte of the picture (or frame) modulo
 * (c + 2), as FP32.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';

const { values: args } = parseArgs({
  options: {
    model: { type: 'string' },
    variant: { type: 'string' },
    threads: { type: 'string' },
    socket: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8000' },
  },
});
const behaviour = args.model === undefined ? 'good' : readFileSync(`${args.model}/behaviour`, 'utf8').trim();
const CLASSES = Number(/^classes (\d+)$/.exec(behaviour)?.[1] ?? 3);
const eaten: Buffer[] = [];
let asked = 0;

type Header = { inputs: { shape: number[]; datatype: string; data?: unknown[]; parameters?: { binary_data_size?: number } }[] };

function scoresOf(header: Header, tensors: Buffer): Float32Array {
  const [input] = header.inputs;
  const count = input?.shape[0] ?? 0;
  const scores = new Float32Array(count * CLASSES);
  let offset = 0;
  for (let row = 0; row < count; row += 1) {
    const bytes = input?.datatype === 'BYTES';
    const first = tensors[bytes ? offset + 4 : offset] ?? 0;
    offset += bytes ? 4 + tensors.readUInt32LE(offset) : (input?.shape.slice(1).reduce((a, b) => a * b, 1) ?? 0);
    for (let c = 0; c < CLASSES; c += 1) scores[row * CLASSES + c] = first % (c + 2);
  }
  return scores;
}

function answerJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

function answerScores(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const length = Number(request.headers['inference-header-content-length'] ?? body.length);
  const header = JSON.parse(body.subarray(0, length).toString()) as Header;
  const scores = scoresOf(header, body.subarray(length));
  const output = { name: 'scores', datatype: 'FP32', shape: [scores.length / CLASSES, CLASSES] };
  const json = Buffer.from(
    JSON.stringify({ model_name: 'model', outputs: [{ ...output, parameters: { binary_data_size: scores.byteLength } }] }),
  );
  response.setHeader('inference-header-content-length', json.length);
  response.end(Buffer.concat([json, Buffer.from(scores.buffer)]));
}

function answerFromJson(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  if (request.headers['inference-header-content-length'] !== undefined) {
    response.writeHead(400);
    return void response.end('{"error":"no binary data here"}');
  }
  const [input] = (JSON.parse(body.toString()) as Header).inputs;
  const data = (input?.data ?? []).flatMap((text) => {
    const first = Buffer.from(String(text), 'base64')[0] ?? 0;
    return Array.from({ length: CLASSES }, (_, c) => first % (c + 2));
  });
  const shape = [input?.shape[0], CLASSES];
  answerJson(response, { model_name: 'model', outputs: [{ name: 'scores', datatype: 'FP32', shape, data }] });
}

function infer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  asked += 1;
  switch (behaviour) {
    case 'crashes':
      if (asked < 3) return answerScores(request, response, body);
      console.error('\u001B[31mSegmentation fault in layer 7\u001B[0m');
      return process.exit(3);
    case 'garbage':
      return void response.end('<html>certainly no tensors</html>');
    case 'truncated':
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"model_name"');
      return void response.destroy();
    case 'short-tensor':
      return answerJson(response, {
        model_name: 'm',
        outputs: [{ name: 'scores', datatype: 'FP32', shape: [1, 3], data: [1, 2] }],
      });
    case 'endless':
      setInterval(() => response.write(' '), 20);
      return;
    case 'silent':
      return;
    case 'error':
      response.writeHead(500);
      return void response.end('{"error":"CUDA out of luck"}');
    case 'json-only':
      return answerFromJson(request, response, body);
    case 'eats-memory':
      setInterval(() => eaten.push(Buffer.alloc(32 * 1024 * 1024, 1)), 10);
      return;
    default:
      return answerScores(request, response, body);
  }
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { url } = request;
  if (url === '/v2/health/ready') response.writeHead(behaviour === 'never-ready' ? 503 : 200).end();
  else if (url === '/v2/models/model') {
    const outputs = [{ name: 'scores', datatype: 'FP32', shape: [-1, CLASSES] }];
    answerJson(response, {
      name: 'model',
      versions: ['1'],
      platform: `scripted:${args.variant ?? 'default'}:${args.threads ?? '?'}:${Object.keys(process.env).toSorted().join(',')}`,
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
      outputs: behaviour === 'bad-metadata' ? 'scores' : outputs,
    });
  } else if (url === '/v2/models/model/infer') infer(request, response, body);
  else response.writeHead(404).end();
}

if (behaviour === 'dies-at-once') {
  console.error('no such operator: Frobnicate');
  process.exit(1);
}
if (behaviour === 'unfit-model') {
  console.error(
    JSON.stringify({ problems: [{ file: 'model.yaml', line: 7, message: 'no such kernel', remedy: 'use lanczos3' }] }),
  );
  process.exit(3);
}
if (behaviour === 'floods') for (let line = 0; line < 20_000; line += 1) console.log(`line ${line} ${'x'.repeat(100)}`);
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(request, response, Buffer.concat(chunks)));
});
if (args.socket === undefined) server.listen(Number(args.port), args.host);
else server.listen(args.socket);
