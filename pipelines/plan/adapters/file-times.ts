import { appendFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { TimedCheck } from '#eval';
import type { Times } from '../times.ts';

const line: z.ZodType<TimedCheck> = z.strictObject({
  seconds: z.number(),
  steps: z.array(z.strictObject({ name: z.string(), items: z.number(), seconds: z.number() })).readonly(),
});

/** A line of JSON for each check. Times are a convenience: a file that cannot be read or written costs nothing but the forecast. */
export function fileTimes(file: string): Times {
  return {
    read: async () => {
      const text = await readFile(file, 'utf8').catch(() => '');
      return text.split('\n').flatMap((one) => parse(one));
    },
    add: (check) => {
      try {
        mkdirSync(dirname(file), { recursive: true });
        appendFileSync(file, `${JSON.stringify(check)}\n`);
      } catch {
        // The disk may be full: the check has its verdict all the same.
      }
    },
  };
}

function parse(text: string): TimedCheck[] {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
