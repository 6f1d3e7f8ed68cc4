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

/** The scores from `keep` on: the best class of each row, or every one. NaN is never kept. */
export function scoredRows(table: ScoreTable, { activation, objectness, perBox, keep }: Scoring): Scored[] {
  const { values, rows, classes, start, rowStep, classStep } = table;
  const active = activation === 'sigmoid' ? sigmoid : (value: number) => value;
  const found: Scored[] = [];
  for (let row = 0; row < rows; row += 1) {
    const weight = objectness === null ? 1 : active(values[objectness + row * rowStep] as number);
    if (objectness !== null && !(weight >= keep)) continue;
    let best: Scored | null = null;
    for (let index = 0, at = start + row * rowStep; index < classes; index += 1, at += classStep) {
      const score = weight * active(values[at] as number);
      if (!(score >= keep)) continue;
      if (perBox === 'every') found.push({ row, index, score });
      else if (best === null || score > best.score) best = { row, index, score };
    }
    if (best !== null) found.push(best);
  }
  return found;
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
