import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseYaml, problemAt } from './document.ts';
import { CouldNotRun, formatProblem } from './errors.ts';
import { bitRate, byteSize, duration, formatBytes, formatDuration, fraction } from './units.ts';

const schema = z.strictObject({ name: z.string(), sites: z.array(z.strictObject({ link: bitRate })) });

function problemsOf(text: string) {
  try {
    parseYaml(text, 'a.yaml', schema);
  } catch (error) {
    if (error instanceof CouldNotRun) return error.problems;
    throw error;
  }
  return [];
}

describe('a YAML text', () => {
  it('is parsed, and knows afterwards where each field stands', () => {
    const { value, source } = parseYaml('name: a\nsites:\n  - { link: 2Mbit/s }\n', 'a.yaml', schema);
    expect(value).toEqual({ name: 'a', sites: [{ link: 2e6 }] });
    expect(formatProblem(problemAt(source, ['sites', 0, 'link'], 'too slow', 'use a cable'))).toBe(
      'a.yaml:3:7 (sites[0].link): too slow\n  remedy: use a cable',
    );
  });

  it('is told of every problem at once, each at its line', () => {
    expect(problemsOf('name: 1\nsites:\n  - link: fast\n    extra: 1\n').map(({ line, field }) => [line, field])).toEqual([
      [1, 'name'],
      [3, 'sites[0].link'],
      [4, 'sites[0].extra'],
    ]);
  });

  it('points at the map that lacks a field', () => {
    expect(problemsOf('name: a\nsites:\n  - {}\n')).toEqual([expect.objectContaining({ line: 3, field: 'sites[0].link' })]);
  });

  it('may not be a bomb', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [index, name] of 'bcdefgh'.split('').entries()) {
      const before = 'abcdefgh'[index];
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`);
    }
    expect(problemsOf(bomb.join('\n'))[0]?.message).toMatch(/aliases expand without end/);
    expect(problemsOf(`name: ${'a'.repeat(2 * 1024 * 1024)}`)[0]?.message).toMatch(/larger than 1 MiB/);
  });
});

describe('a YAML text of a stranger', () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');

  it('is refused for a key that stands twice in one map, at its line', () => {
    expect(problemsOf('name: a\nsites: []\nname: b\n')).toMatchObject([
      { line: 3, message: 'not YAML: Map keys must be unique' },
    ]);
    expect(problemsOf('name: a\nsites: [{ link: 1Mbit/s, link: 2Mbit/s }]\n')).toMatchObject([{ line: 2, column: 26 }]);
    expect(problemsOf('name: a\nsites: [{ link: 1Mbit/s }, { link: 2Mbit/s }]\n')).toEqual([]);
  });

  it.each([
    [
      'with more unknown fields than are told',
      many(60_000, (index) => `k${index}: 1`),
      'there are more problems than the 100 above',
    ],
    ['with more faults of syntax than are told', many(1000, () => '"'), 'there are more problems than the 100 above'],
    ['that nests without end', '['.repeat(100_000), /nests too deeply to be read|there are more problems/],
    [
      'with an alias for each of many anchors',
      many(30_000, (index) => `- &a${index} x\n- *a${index}`),
      'its aliases expand without end',
    ],
  ])('%s ends', (_, text, last) => {
    const told = problemsOf(text);
    expect(told.length).toBeLessThanOrEqual(101);
    expect(told.at(-1)?.message).toMatch(last);
  });

  it('is quoted no longer than a person reads', () => {
    expect(
      problemsOf(`${'k'.repeat(900_000)}: 1`).every(({ message, field = '' }) => message.length + field.length < 17_000),
    ).toBe(true);
  });
});

describe('units', () => {
  it.each([
    [byteSize, '400MiB', 400 * 2 ** 20],
    [byteSize, '1.5 KiB', 1536],
    [duration, '50ms', 50],
    [duration, '2h', 7.2e6],
    [bitRate, '2Mbit/s', 2e6],
    [fraction, '2%', 0.02],
    [fraction, 0.02, 0.02],
  ])('reads %#: %s', (unit, text, value) => {
    expect(unit.parse(text)).toBeCloseTo(value, 12);
  });

  it.each([
    [byteSize, '400'],
    [byteSize, '400Mib'],
    [duration, '-5ms'],
    [bitRate, '2MB'],
    [fraction, '2'],
  ])('refuses %#: %s', (unit, text) => {
    expect(unit.safeParse(text).success).toBe(false);
  });

  it('writes amounts as people read them', () => {
    expect([formatBytes(512), formatBytes(104_000), formatBytes(2 ** 30)]).toEqual(['512 B', '101.6 KiB', '1.0 GiB']);
    expect([formatDuration(2.345), formatDuration(1500), formatDuration(90_000)]).toEqual(['2.35 ms', '1.5 s', '1.5 min']);
  });
});
