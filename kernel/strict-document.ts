import type { z } from 'zod';
import { checkValue } from './check-value.ts';
import { CouldNotRun } from './errors.ts';
import { plainText } from './plain-text.ts';

const MOST_PROBLEMS = 5;

/**
 * Reads JSON that may have come from anywhere: strictly, or not at all.
 * @throws CouldNotRun with the first fields that are not as the schema says, in words that a stranger cannot choose
 */
export function parseStrictly<S extends z.ZodType>(
  schema: S,
  text: string,
  { file, remedy }: { file: string; remedy: string },
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CouldNotRun({ file, message: 'not JSON', remedy }, { cause });
  }
  const parsed = checkValue(schema, value);
  if (parsed.success) return parsed.data;
  // The words of an issue hold keys as a stranger wrote them.
  const shown = (words: string) => plainText(words).slice(0, 200);
  throw new CouldNotRun(
    parsed.error.issues
      .slice(0, MOST_PROBLEMS)
      .map(({ path, message }) => ({ file, field: shown(path.join('.')), message: shown(message), remedy })),
  );
}
