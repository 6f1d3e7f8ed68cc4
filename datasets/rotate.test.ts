import { describe, expect, it } from 'vitest';
import { rotate, type QuarterTurns } from './rotate.ts';

/** Pixels as one letter each, rows separated by blanks. */
function turn(rows: string, turns: QuarterTurns): string {
  const lines = rows.split(' ');
  const [width, height] = [lines[0]?.length ?? 0, lines.length];
  const pixels = Uint8Array.from(lines.join(''), (letter) => letter.charCodeAt(0)).reduce<number[]>(
    (all, code) => [...all, code, code + 1, code + 2],
    [],
  );
  const turned = rotate({ width, height, pixels: Uint8Array.from(pixels) }, turns);
  const letters = Array.from({ length: turned.width * turned.height }, (_, index) => {
    const [red = 0, green, blue] = turned.pixels.subarray(index * 3, index * 3 + 3);
    expect([green, blue]).toEqual([red + 1, red + 2]);
    return String.fromCharCode(red);
  });
  return Array.from({ length: turned.height }, (_, y) => letters.slice(y * turned.width, (y + 1) * turned.width).join('')).join(
    ' ',
  );
}

describe('turning clockwise', () => {
  it.each([
    [0, 'abc def'],
    [1, 'da eb fc'],
    [2, 'fed cba'],
    [3, 'cf be ad'],
  ] as const)('by %i quarters', (turns, expected) => {
    expect(turn('abc def', turns)).toBe(expected);
  });
});
