import type { PriorsOutput } from '../description/detection-output.ts';
import type { Size } from '../geometry.ts';
import type { Outputs } from '../onnx-model.ts';
import { pointsOf, type Asked, type Reading } from './boxes.ts';
import { scoredRows } from './class-scores.ts';
import { Misfit, tableOf } from './misfit.ts';
import { plainly, scoresBeside } from './pair.ts';

/** A prior box: its centre and size in pixels of the input. */
type Prior = { x: number; y: number; width: number; height: number };

/**
 * Offsets from prior boxes, as SSD and RetinaFace have them (biubug6/Pytorch_Retinaface utils/box_utils.py `decode`,
 * `decode_landm`): centres move by shares of the prior's size, sizes are exponentials.
 * @throws Misfit when there are other boxes than priors
 */
export function readPriors(output: PriorsOutput, outputs: Outputs, { size, keep }: Asked): Reading {
  const offsets = tableOf(outputs, output.boxes, 4, 'boxes');
  const points = output.landmarks === undefined ? null : tableOf(outputs, output.landmarks, 10, 'landmarks');
  const priors = priorsOf(output.levels, size);
  if (priors.length * 4 !== offsets.length) {
    const message = `levels have ${priors.length} priors at ${size.width}x${size.height}, but there are ${offsets.length / 4} boxes`;
    throw new Misfit(['levels'], message, 'correct levels, or the size of the input');
  }
  const table = scoresBeside(output, outputs, priors.length);
  const [centre, spread] = output.variances;
  const scored = scoredRows(table, { activation: plainly(output.activation), objectness: null, perBox: output['per-box'], keep });
  const boxes = scored.map(({ row, index, score }) => {
    const prior = priors[row] ?? { x: 0, y: 0, width: 0, height: 0 };
    const [dx = 0, dy = 0, dw = 0, dh = 0] = offsets.subarray(row * 4, row * 4 + 4);
    const moved = { x: prior.x + dx * centre * prior.width, y: prior.y + dy * centre * prior.height };
    const half = { x: (prior.width * Math.exp(dw * spread)) / 2, y: (prior.height * Math.exp(dh * spread)) / 2 };
    const from = [prior.x, prior.y] as const;
    const sides = [prior.width, prior.height] as const;
    return {
      x1: moved.x - half.x,
      y1: moved.y - half.y,
      x2: moved.x + half.x,
      y2: moved.y + half.y,
      score,
      index,
      landmarks: points && pointsOf(points, row, (value, axis) => from[axis] + value * centre * sides[axis]),
    };
  });
  return { boxes, classes: table.classes, landmarks: points !== null };
}

/** In the order of RetinaFace's PriorBox: level, row, column, size. */
function priorsOf(levels: PriorsOutput['levels'], { width, height }: Size): Prior[] {
  return levels.flatMap(({ stride, sizes }) => {
    const [across, down] = [Math.ceil(width / stride), Math.ceil(height / stride)];
    return Array.from({ length: across * down }, (_, cell) => {
      const middle = { x: ((cell % across) + 0.5) * stride, y: (Math.floor(cell / across) + 0.5) * stride };
      return sizes.map((side) => {
        const [wide, high] = typeof side === 'number' ? [side, side] : side;
        return { ...middle, width: wide, height: high };
      });
    }).flat();
  });
}
