import type { DenseOutput } from '../description/detection-output.ts';
import type { Size } from '../geometry.ts';
import type { Numbers, Outputs } from '../onnx-model.ts';
import { cornersOf, type Asked, type Reading } from './boxes.ts';
import { scoredRows } from './class-scores.ts';
import { Misfit, plain, tensorOf } from './misfit.ts';

/**
 * One tensor of [boxes, 4 + objectness + classes], or its transpose as YOLOv8 and later have it.
 * @param labels how many classes there are, where the description says so: it then decides which way the tensor lies; else
 *   there are taken to be more boxes than columns
 * @throws Misfit when it is no such tensor, or has other boxes than the grid has cells
 */
export function readDense(output: DenseOutput, outputs: Outputs, { size, keep }: Asked, labels: number | null): Reading {
  const tensor = tensorOf(outputs, output.tensor);
  const head = output.objectness === 'multiply' ? 5 : 4;
  const { values } = tensor;
  const { rows, columns, rowStep, columnStep } = layoutOf(tensor, head, labels);
  const cells = output.grid === undefined ? null : gridCells(output.grid, size, rows);
  const corners = cornersOf(output.box, output.units, size);
  const table = { values, rows, classes: columns - head, start: head * columnStep, rowStep, classStep: columnStep };
  const objectness = head === 5 ? 4 * columnStep : null;
  const scored = scoredRows(table, { activation: output.activation, objectness, perBox: output['per-box'], keep });
  const boxes = scored.map(({ row, index, score }) => {
    const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((column) => values[row * rowStep + column * columnStep]);
    const box = cells === null ? corners(a, b, c, d) : corners(...decoded(cells[row], a, b, c, d));
    return { ...box, score, index, landmarks: null };
  });
  return { boxes, classes: columns - head, landmarks: false };
}

function layoutOf({ name, shape }: Numbers & { name: string }, head: number, labels: number | null) {
  const [first = 0, second = 0] = shape.slice(-2);
  const text = `"${name}" is [${shape.join(', ')}]`;
  if (shape.length < 2 || !plain(shape, 2))
    throw new Misfit(['tensor'], `${text}, not [boxes, columns] or [columns, boxes]`, 'name another output, or correct the kind');
  const wanted = labels === null ? Math.min(first, second) : head + labels;
  if (second === wanted && wanted > head) return { rows: first, columns: second, rowStep: second, columnStep: 1 };
  if (first === wanted && wanted > head) return { rows: second, columns: first, rowStep: 1, columnStep: second };
  const columns = `${head} columns for box${head === 5 ? ' and objectness' : ''}`;
  const message =
    labels === null ? `${text}: no class is left beside ${columns}` : `${text}: neither side is ${columns} and ${labels} labels`;
  throw new Misfit(['kind'], message, 'correct labels, objectness or the kind');
}

type Cell = { x: number; y: number; stride: number };

/** Cells row by row, of one stride after another. */
function gridCells(strides: readonly number[], { width, height }: Size, boxes: number): Cell[] {
  const cells = strides.flatMap((stride) => {
    const [across, down] = [Math.floor(width / stride), Math.floor(height / stride)];
    return Array.from({ length: across * down }, (_, at) => ({ x: at % across, y: Math.floor(at / across), stride }));
  });
  if (cells.length === boxes) return cells;
  const message = `strides ${strides.join(', ')} have ${cells.length} cells at ${width}x${height}, but there are ${boxes} boxes`;
  throw new Misfit(['grid'], message, 'correct the strides or the size, or leave grid out where the export has decoded already');
}

/** As YOLOX's demo_postprocess has it. */
function decoded({ x, y, stride }: Cell = { x: 0, y: 0, stride: 1 }, a: number, b: number, c: number, d: number) {
  return [(a + x) * stride, (b + y) * stride, Math.exp(c) * stride, Math.exp(d) * stride] as const;
}
