import { CsvError, parse } from 'csv-parse/sync';
import { CouldNotRun, plainText } from '#kernel';
import { secondsBetween } from './spans.ts';

/** One release of before, as long as it took. */
export type OldRelease = { name: string; started: string; finished: string; seconds: number };

/**
 * How long a team's releases took before, from a table with the columns `started` and `finished` (a day or an instant, ISO 8601), and
 * `name` if need be.
 * @throws CouldNotRun with the line of the first row that is none
 */
export function readOldProcess(text: string, file: string): OldRelease[] {
  const fault = (message: string, line: number) =>
    new CouldNotRun({
      file,
      line,
      message,
      remedy: 'write a header `name,started,finished` and a line for each release, such as `v1.2,2025-01-07,2025-03-02`',
    });
  const rows = tableOf(text, fault);
  if (rows.length === 0) throw fault('it holds no release', 1);
  return rows.map((row, at) => {
    const line = at + 2;
    const { name = `release ${at + 1}`, started, finished } = row;
    if (started === undefined || finished === undefined) throw fault('it has no columns `started` and `finished`', 1);
    for (const date of [started, finished])
      if (!/^\d{4}-\d{2}-\d{2}/.test(date) || Number.isNaN(Date.parse(date)))
        throw fault(`${JSON.stringify(plainText(date).slice(0, 40))} is no date`, line);
    const seconds = secondsBetween(started, finished) ?? 0;
    if (seconds < 0) throw fault('it was finished before it was started', line);
    return { name: plainText(name), started, finished, seconds };
  });
}

function tableOf(text: string, fault: (message: string, line: number) => CouldNotRun): Record<string, string | undefined>[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    throw fault(plainText(thrown.message).slice(0, 200), typeof thrown['lines'] === 'number' ? thrown['lines'] : 1);
  }
}

/** A tag of an old repository: when its first commit since the tag before was made, and when it was tagged. */
export type TagLife = { name: string; first: Date; tagged: Date };

/** Releases of an old repository are as long as it took from the first commit of each to its tag. */
export function oldReleasesOf(tags: readonly TagLife[]): OldRelease[] {
  return tags.map(({ name, first, tagged }) => {
    const [started, finished] = [first.toISOString(), tagged.toISOString()];
    return { name: plainText(name), started, finished, seconds: Math.max(0, secondsBetween(started, finished) ?? 0) };
  });
}
