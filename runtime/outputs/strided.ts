import type { StridedOutput } from '../description/detection-output.ts';
import type { Numbers, Outputs } from '../onnx-model.ts';
import { pointsOf, type Asked, type Box, type Reading } from './boxes.ts';
import { scoredRows, scoreTable } from './class-scores.ts';
import { Misfit, plain } from './misfit.ts';

type Level = { stride: number; across: number; scores: Numbers; distances: Numbers; points: Numbers | null };

/**
 * Scores, distances and landmarks for each stride, as insightface's SCRFD has them: from the corner of its cell a box reaches so
 * many strides to the left, top, right and bottom, and each landmark lies so many away.
 * @throws Misfit when a stride lacks its scores or distances
 */
export function readStrided(output: StridedOutput, outputs: Outputs, { size, keep }: Asked): Reading {
  const levels = output.strides.map((stride): Level => {
    const [across, down] = [Math.ceil(size.width / stride), Math.ceil(size.height / stride)];
    return { stride, across, ...tensorsOf(outputs, across * down * output.anchors, stride) };
  });
  const classes = levels.map(({ scores }) => widthOf(scores));
  if (new Set(classes).size > 1)
    throw new Misfit(['strides'], `the strides score ${classes.join(', ')} classes`, 'export the model with one head for all');
  const boxes = levels.flatMap((level) => boxesOf(level, output, keep));
  return { boxes, classes: classes[0] ?? null, landmarks: levels.every(({ points }) => points !== null) };
}

function boxesOf({ stride, across, scores, distances, points }: Level, output: StridedOutput, keep: number): Box[] {
  const table = scoreTable(scores.values, widthOf(scores), { activation: 'none', background: 'none' });
  const scoring = { activation: output.activation, objectness: null, perBox: output['per-box'], keep };
  return scoredRows(table, scoring).map(({ row, index, score }) => {
    const cell = Math.floor(row / output.anchors);
    const centre = [(cell % across) * stride, Math.floor(cell / across) * stride] as const;
    const away = (side: number) => (distances.values[row * 4 + side] ?? Number.NaN) * stride;
    const corners = { x1: centre[0] - away(0), y1: centre[1] - away(1), x2: centre[0] + away(2), y2: centre[1] + away(3) };
    const landmarks = points && pointsOf(points.values, row, (value, axis) => centre[axis] + value * stride);
    return { ...corners, score, index, landmarks };
  });
}

/** The tensors with so many rows: distances have 4 columns, landmarks 10, and what else there is are scores. */
function tensorsOf(outputs: Outputs, rows: number, stride: number): Pick<Level, 'scores' | 'distances' | 'points'> {
  const found = [...outputs.values()].filter(
    ({ shape, values }) => plain(shape, 2) && values.length === rows * widthOf({ shape }) && rows > 0,
  );
  const [distances, points] = [4, 10].map((width) => found.find((tensor) => widthOf(tensor) === width));
  const scores = found.find((tensor) => tensor !== distances && tensor !== points);
  if (scores !== undefined && distances !== undefined) return { scores, distances, points: points ?? null };
  const there = [...outputs].map(([name, { shape }]) => `"${name}" [${shape.join(', ')}]`).join(', ');
  const message = `no scores and distances of ${rows} rows for stride ${stride} among ${there}`;
  throw new Misfit(['strides'], message, 'correct strides, anchors or the size');
}

function widthOf({ shape }: Pick<Numbers, 'shape'>): number {
  return shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
}
