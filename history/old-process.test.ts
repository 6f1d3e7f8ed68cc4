import { describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { oldReleasesOf, readOldProcess } from './old-process.ts';

function problemOf(table: string): unknown {
  try {
    return readOldProcess(table, 'old.csv');
  } catch (thrown) {
    return thrown instanceof CouldNotRun ? thrown.problems[0] : thrown;
  }
}

describe('how long releases took before', () => {
  it('is read from a table of dates', () => {
    const table = '\uFEFFname,started,finished\nv1,2025-01-07,2025-03-02\nv2, 2025-03-02T08:00:00Z, 2025-03-02T09:00:00Z\n';
    expect(readOldProcess(table, 'old.csv')).toEqual([
      { name: 'v1', started: '2025-01-07', finished: '2025-03-02', seconds: 54 * 24 * 3600 },
      { name: 'v2', started: '2025-03-02T08:00:00Z', finished: '2025-03-02T09:00:00Z', seconds: 3600 },
    ]);
  });

  it('needs no names', () => {
    expect(readOldProcess('started,finished\n2025-01-01,2025-01-02\n', 'old.csv')).toMatchObject([
      { name: 'release 1', seconds: 86_400 },
    ]);
  });

  it.each<[string, string, number, string]>([
    ['without rows', 'name,started,finished\n', 1, 'it holds no release'],
    ['of other columns', 'from,to\n2025-01-01,2025-01-02\n', 1, 'it has no columns `started` and `finished`'],
    ['with a word for a date', 'started,finished\n2025-01-01,2025-01-02\n2025-01-01,soon\n', 3, '"soon" is no date'],
    ['that ends before it begins', 'started,finished\n2025-01-02,2025-01-01\n', 2, 'it was finished before it was started'],
    [
      'of a row too long',
      'started,finished\n2025-01-02,2025-01-03,x\n',
      2,
      expect.stringMatching(/^Invalid Record Length/) as string,
    ],
  ])('names the line of a table %s', (_, table, line, message) => {
    expect(problemOf(table)).toMatchObject({ file: 'old.csv', line, message });
  });

  it('is from the first commit of each tag to the tag', () => {
    const tag = { name: 'v2', first: new Date('2025-01-01T00:00:00Z'), tagged: new Date('2025-02-01T00:00:00Z') };
    expect(oldReleasesOf([tag])).toMatchObject([{ name: 'v2', seconds: 31 * 24 * 3600 }]);
  });
});
