import type { Numbers } from '../onnx-model.ts';
import { softmax } from './scores.ts';

/** A table of scores inside a tensor: where it begins, and how far apart rows and classes lie. */
export type ScoreTable = {
  values: Numbers['values'];
  rows: number;
  classes: number;
  start: number;
  rowStep: number;
  classStep: number;
};

export type Scoring = {
  activation: 'none' | 'sigmoid';
  /** Where a column lies by which scores are multiplied; null where there is none. */
  objectness: number | null;
  perBox: 'best' | 'every';
  keep: number;
};

/** One score that is kept: of which row, for which class. */
export type Scored = { row: number; index: number; score: number };

/** The scores from `keep` on: the best class of each row, or every one. */
export function scoredRows(table: ScoreTable, scoring: Scoring): Scored[] {
  return scoring.perBox === 'best' ? bestOfRows(table, scoring) : everyScore(table, scoring);
}

function everyScore(table: ScoreTable, scoring: Scoring): Scored[] {
  const { values, rows, classes, start, rowStep, classStep } = table;
  const active = activationOf(scoring);
  const found: Scored[] = [];
  for (let row = 0; row < rows; row += 1) {
    const weight = weightOf(row, table, scoring);
    if (weight < scoring.keep) continue;
    for (let index = 0, at = start + row * rowStep; index < classes; index += 1, at += classStep) {
      const score = weight * active(values[at] as number);
      if (score >= scoring.keep) found.push({ row, index, score });
    }
  }
  return found;
}

/** Goes through the tensor in the order in which it lies; what a score becomes does not change which is the highest. */
function bestOfRows(table: ScoreTable, scoring: Scoring): Scored[] {
  const { values, rows, classes, start, rowStep, classStep } = table;
  const highest = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const best = new Int32Array(rows);
  const rowsInside = rowStep < classStep;
  const outer = rowsInside ? classes : rows;
  const inner = rowsInside ? rows : classes;
  for (let one = 0; one < outer; one += 1) {
    for (let other = 0; other < inner; other += 1) {
      const row = rowsInside ? other : one;
      const index = rowsInside ? one : other;
      const value = values[start + row * rowStep + index * classStep] as number;
      if (value > (highest[row] as number)) {
        highest[row] = value;
        best[row] = index;
      }
    }
  }
  const active = activationOf(scoring);
  const found: Scored[] = [];
  for (let row = 0; row < rows; row += 1) {
    const score = weightOf(row, table, scoring) * active(highest[row] as number);
    if (score >= scoring.keep) found.push({ row, index: best[row] as number, score });
  }
  return found;
}

function activationOf({ activation }: Scoring): (value: number) => number {
  return activation === 'sigmoid' ? sigmoid : (value) => value;
}

function weightOf(row: number, { values, rowStep }: ScoreTable, { activation, objectness }: Scoring): number {
  if (objectness === null) return 1;
  const value = values[objectness + row * rowStep] as number;
  return activation === 'sigmoid' ? sigmoid(value) : value;
}

/** Rows of scores [rows, columns], softmax done, the background's column left out. */
export function scoreTable(
  values: Numbers['values'],
  columns: number,
  options: { activation: 'none' | 'sigmoid' | 'softmax'; background: 'none' | 'first' | 'last' },
): ScoreTable {
  const settled = options.activation === 'softmax' ? values.slice() : values;
  if (options.activation === 'softmax') softmax(settled, columns);
  return {
    values: settled,
    rows: columns === 0 ? 0 : values.length / columns,
    classes: options.background === 'none' ? columns : columns - 1,
    start: options.background === 'first' ? 1 : 0,
    rowStep: columns,
    classStep: 1,
  };
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
