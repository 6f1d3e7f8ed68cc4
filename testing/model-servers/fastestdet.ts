/**
 * FastestDet behind the Open Inference Protocol: what a team writes for a detector that decodes its map in a way of its own. It imports
 * Node, and what the stock runtime's image brings: sharp and ONNX Runtime. Its argument is the folder of the weights and of the labels.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const [folder = '/model'] = process.argv.slice(2);
const labels = readFileSync(path.join(folder, 'labels.txt'), 'utf8').trim().split('\n');
const session = await InferenceSession.create(path.join(folder, 'fastestdet-352.onnx'), { intraOpNumThreads: 1 });

const SIDE = 352;
/** Of cells, in each direction. */
const CELLS = 22;
const [KEEP, OVERLAP, AT_MOST] = [0.05, 0.45, 300];

/** Shares of the picture. */
type Box = { x1: number; y1: number; x2: number; y2: number; score: number; label: number };

/** Stretched to the square, BGR, 0 to 1, a plane after the other; and the picture's own size, upright. */
async function read(encoded: Uint8Array) {
  const upright = sharp(encoded, { ignoreIcc: true, autoOrient: true }).toColourspace('srgb').removeAlpha();
  const { data: rgb, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const narrow = resizeRows(rgb, { rows: height, length: width, stride: width * 3, step: 3 }, (row, at) => (row * SIDE + at) * 3);
  const square = resizeRows(
    narrow,
    { rows: SIDE, length: height, stride: 3, step: SIDE * 3 },
    (row, at) => (at * SIDE + row) * 3,
  );
  const planes = new Float32Array(3 * SIDE * SIDE);
  for (const [at, value] of square.entries()) planes[(2 - (at % 3)) * SIDE * SIDE + Math.floor(at / 3)] = value / 255;
  return { planes, width, height };
}

type Rows = { rows: number; length: number; stride: number; step: number };

/**
 * Each row, or each column, made as long as the square is: Pillow's bilinear, a triangle as wide as what is shrunk. Another kernel moves
 * this small detector's AP by a hundredth.
 */
function resizeRows(pixels: Uint8Array, { rows, length, stride, step }: Rows, placeOf: (row: number, at: number) => number) {
  const resized = new Uint8Array(rows * SIDE * 3);
  const [scale, width] = [length / SIDE, Math.max(length / SIDE, 1)];
  for (let at = 0; at < SIDE; at += 1) {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - width + 0.5));
    const end = Math.min(length, Math.trunc(centre + width + 0.5));
    const shares = Array.from({ length: end - first }, (_, tap) => 1 - Math.min(1, Math.abs(first + tap + 0.5 - centre) / width));
    const all = shares.reduce((sum, share) => sum + share, 0);
    for (let row = 0; row < rows; row += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const from = row * stride + first * step + channel;
        const sum = shares.reduce((total, share, tap) => total + share * (pixels[from + tap * step] ?? 0), 0);
        resized[placeOf(row, at) + channel] = Math.round(sum / all);
      }
    }
  }
  return resized;
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** A box a cell: its place and size are found from the cell, and its score from an objectness and the best class. */
function decode(map: Float32Array): Box[] {
  const boxes: Box[] = [];
  for (let cell = 0; cell < CELLS * CELLS; cell += 1) {
    const of = (channel: number) => map[channel * CELLS * CELLS + cell] ?? Number.NaN;
    const classes = labels.map((_, label) => of(5 + label));
    const best = Math.max(...classes);
    const score = of(0) ** 0.6 * best ** 0.4;
    if (!(score >= KEEP)) continue;
    const x = ((cell % CELLS) + Math.tanh(of(1))) / CELLS;
    const y = (Math.floor(cell / CELLS) + Math.tanh(of(2))) / CELLS;
    const [width, height] = [sigmoid(of(3)), sigmoid(of(4))];
    const [x1, x2, y1, y2] = [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
    boxes.push({ x1, y1, x2, y2, score, label: classes.indexOf(best) });
  }
  return boxes;
}

/** Of boxes of one class that overlap, the best. */
function suppress(boxes: readonly Box[]): Box[] {
  const kept: Box[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some((better) => better.label === box.label && overlap(better, box) > OVERLAP)) kept.push(box);
  }
  return kept.slice(0, AT_MOST);
}

function overlap(a: Box, b: Box): number {
  const across = Math.max(0, Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1));
  const shared = across * Math.max(0, Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1));
  const area = ({ x1, y1, x2, y2 }: Box) => (x2 - x1) * (y2 - y1);
  return shared / (area(a) + area(b) - shared);
}

async function rowsOf(encoded: Uint8Array, picture: number): Promise<number[]> {
  const { planes, width, height } = await read(encoded);
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
  const answer = await session.run({ [input]: new Tensor('float32', planes, [1, 3, SIDE, SIDE]) });
  return suppress(decode(answer[output]?.data as Float32Array)).flatMap(({ x1, y1, x2, y2, score, label }) => {
    return [picture, x1 * width, y1 * height, x2 * width, y2 * height, score, label];
  });
}

/** BYTES in binary: each with its length before it. */
function picturesIn(tensor: Buffer): Uint8Array[] {
  const pictures: Uint8Array[] = [];
  for (let at = 0; at < tensor.length; at += 4 + tensor.readUInt32LE(at)) {
    pictures.push(tensor.subarray(at + 4, at + 4 + tensor.readUInt32LE(at)));
  }
  return pictures;
}

const DETECTIONS = { name: 'detections', datatype: 'FP32' };
const METADATA = {
  name: 'model',
  versions: ['1'],
  platform: 'onnxruntime',
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
  outputs: [{ ...DETECTIONS, shape: [-1, 7] }],
  parameters: { labels: JSON.stringify(labels), threshold: 0.4 },
};

async function infer(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
  const pictures = picturesIn(body.subarray(Number(request.headers['inference-header-content-length'])));
  const rows = await Promise.all(pictures.map(rowsOf));
  const values = Float32Array.from(rows.flat());
  const output = { ...DETECTIONS, shape: [values.length / 7, 7], parameters: { binary_data_size: values.byteLength } };
  const header = Buffer.from(JSON.stringify({ model_name: 'model', outputs: [output] }));
  response.setHeader('inference-header-content-length', header.length);
  response.end(Buffer.concat([header, Buffer.from(values.buffer)]));
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/v2/health/ready') response.end();
    else if (request.url === '/v2/models/model') response.end(JSON.stringify(METADATA));
    else if (request.url !== '/v2/models/model/infer') response.writeHead(404).end();
    else infer(request, response, Buffer.concat(chunks)).catch((error: unknown) => refuse(response, error));
  });
});
server.listen(8000, '0.0.0.0');

function refuse(response: ServerResponse, error: unknown): void {
  response.writeHead(400).end(JSON.stringify({ error: String(error) }));
}
