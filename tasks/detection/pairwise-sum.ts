const BLOCK = 128;

/**
 * A sum in the order in which numpy adds (pairwise, in blocks of 128 by eight running sums): the mean of the same numbers is then
 * the same to the last bit. Its rounding error grows with the logarithm of the length (Higham 1993).
 */
export function pairwiseSum(values: Float64Array, from = 0, length = values.length): number {
  if (length < 8) return plainSum(values, from, length);
  if (length <= BLOCK) return blockSum(values, from, length);
  const half = Math.floor(length / 2);
  const left = half - (half % 8);
  return pairwiseSum(values, from, left) + pairwiseSum(values, from + left, length - left);
}

function plainSum(values: Float64Array, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 1) sum += values[at] ?? 0;
  return sum;
}

function blockSum(values: Float64Array, from: number, length: number): number {
  const at = (place: number) => values[from + place] ?? 0;
  let [a, b, c, d, e, f, g, h] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
  const whole = length - (length % 8);
  for (let place = 8; place < whole; place += 8) {
    a += at(place);
    b += at(place + 1);
    c += at(place + 2);
    d += at(place + 3);
    e += at(place + 4);
    f += at(place + 5);
    g += at(place + 6);
    h += at(place + 7);
  }
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let place = whole; place < length; place += 1) sum += at(place);
  return sum;
}
