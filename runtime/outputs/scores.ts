/**
 * How many classes an output of this shape holds, once dimensions of 1 behind them ([N, C, 1, 1]) are dropped.
 * @returns null when it is no [N, C]
 */
export function classCount(shape: readonly number[]): number | null {
  const [, classes, ...rest] = shape;
  if (classes === undefined || classes < 1 || rest.some((size) => size !== 1)) return null;
  return classes;
}

/** Softmax of each row, in place; the highest is subtracted first so that no exponential overflows. */
export function softmax(scores: Float32Array | Float64Array, classes: number): void {
  for (let start = 0; start < scores.length; start += classes) {
    const row = scores.subarray(start, start + classes);
    let highest = Number.NEGATIVE_INFINITY;
    for (const value of row) highest = Math.max(highest, value);
    const exponentials = Array.from(row, (value) => Math.exp(value - highest));
    const sum = exponentials.reduce((total, value) => total + value, 0);
    exponentials.forEach((value, index) => {
      row[index] = value / sum;
    });
  }
}
