import type { MessageOf } from '../message.ts';
import { PerCamera, type StageProgram } from '../stage-program.ts';

/** Cells in a row and in a column of the grid that is compared: small enough that noise averages out. */
const GRID = 32;
/** Of 255. A cell that differs by this much from the background has changed. */
const LEVEL = 10;
/** How much of a frame goes into the background: a lasting change is one of it after some twenty frames. */
const LEARNING = 0.05;

/** Lets frames through in which something moves, and those of the next `hold` milliseconds. The first of a camera always. */
export function motionStage({ area, hold }: { area: number; hold: number }): StageProgram {
  const cameras = new PerCamera((): { background: Float32Array | null; until: number } => ({ background: null, until: 0 }));
  return {
    take(message) {
      if (message.kind !== 'frame') return [];
      const state = cameras.of(message);
      const cells = brightness(message);
      const changed = state.background === null ? 1 : changedShare(cells, state.background);
      state.background = blend(state.background, cells);
      if (changed >= area) state.until = message.capturedAt + hold;
      return message.capturedAt <= state.until ? [message] : [];
    },
  };
}

/** Mean brightness of each cell, from every fourth pixel. */
function brightness({ about: { width, height }, body }: MessageOf<'frame'>): Float32Array {
  const sums = new Float32Array(GRID * GRID);
  const counts = new Float32Array(GRID * GRID);
  for (let y = 0; y < height; y += 2) {
    const row = Math.floor((y * GRID) / height) * GRID;
    for (let x = 0; x < width; x += 2) {
      const cell = row + Math.floor((x * GRID) / width);
      const at = (y * width + x) * 3;
      sums[cell] = (sums[cell] ?? 0) + ((body[at] ?? 0) + 2 * (body[at + 1] ?? 0) + (body[at + 2] ?? 0)) / 4;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return sums.map((sum, cell) => sum / Math.max(1, counts[cell] ?? 1));
}

function changedShare(cells: Float32Array, background: Float32Array): number {
  let changed = 0;
  for (const [cell, value] of cells.entries()) changed += Math.abs(value - (background[cell] ?? 0)) >= LEVEL ? 1 : 0;
  return changed / cells.length;
}

function blend(background: Float32Array | null, cells: Float32Array): Float32Array {
  return background === null ? cells : background.map((value, cell) => value + LEARNING * ((cells[cell] ?? 0) - value));
}
