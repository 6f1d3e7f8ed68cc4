import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson, CouldNotRun, digestOfJson, digestSchema, hexOf } from '#kernel';
import type { AnswerStore, Served } from '../answer-store.ts';
import type { ClipSignals } from '../replay/clip-signals.ts';
import type { TrialKey } from '../subject.ts';

const box = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.int()]);

const clipSignals: z.ZodType<ClipSignals> = z.strictObject({
  clip: z.string(),
  pin: digestSchema,
  seconds: z.number(),
  threshold: z.number(),
  detections: z.array(
    z.strictObject({ label: z.string(), start: z.number(), end: z.number(), alarm: z.number(), peak: z.number() }),
  ),
  opening: z.record(z.string(), z.number()),
  sightings: z.array(z.strictObject({ timestamp: z.number(), boxes: z.array(box) })).exactOptional(),
});

const servedLine = z.strictObject({ labels: z.array(z.string()).nullable(), manner: z.string().nullable().default(null) });

/** Signals of clips that were replayed; a clip is one by its name and its bytes. */
export function fileClipSignals(folder: string): AnswerStore<ClipSignals> {
  return fileAnswerStore(folder, clipSignals, (signals) => `${signals.pin} ${signals.clip}`);
}

/**
 * Answers in one JSONL file for each key below the folder: a header line that repeats the key, one with what
 * was met where that is anything, and a line for each answer. Whole lines are appended in one write, so that two processes may share a file; a line that is torn or doubled is dropped when it is read, and the answer asked for again.
 */
export function fileAnswerStore<T>(folder: string, schema: z.ZodType<T>, idOf: (answer: T) => string): AnswerStore<T> {
  const fileOf = (key: TrialKey) => join(folder, `${hexOf(digestOfJson(key))}.jsonl`);
  const add = async (key: TrialKey, entries: readonly unknown[]) => {
    if (entries.length === 0) return;
    const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    await mkdir(folder, { recursive: true }).catch(unwritable(folder));
    await appendLines(fileOf(key), headerOf(key), text).catch(unwritable(fileOf(key)));
  };
  return {
    read: async (key) => {
      const lines = (await readText(fileOf(key))).split('\n');
      if (!lines.includes(headerOf(key))) return [];
      const answers = lines.flatMap((line) => parseLine(line, schema));
      return [...new Map(answers.map((answer) => [idOf(answer), answer])).values()];
    },
    append: async (key, answers) => await add(key, answers),
    readServed: async (key) => {
      const served = (await readText(fileOf(key))).split('\n').flatMap((line) => parseLine(line, servedLine));
      const last = <K extends keyof Served>(field: K) => served.findLast((one) => one[field] !== null)?.[field] ?? null;
      return { labels: last('labels'), manner: last('manner') };
    },
    keepServed: async (key, served) => await add(key, [served]),
  };
}

function headerOf(key: TrialKey): string {
  return canonicalJson({ key });
}

function parseLine<T>(line: string, schema: z.ZodType<T>): T[] {
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

/** After a torn line a new one is begun, with the header again: the tear may have been in it. */
async function appendLines(file: string, header: string, text: string): Promise<void> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    const last = size === 0 ? '' : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
    const start = last === '\n' ? '' : `${size === 0 ? '' : '\n'}${header}\n`;
    await handle.appendFile(start + text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function unwritable(file: string): (cause: unknown) => never {
  return (cause) => {
    throw new CouldNotRun(
      {
        file,
        message: 'could not be written',
        remedy: 'make it writable, with space on the disk, and run again: what is kept is used',
      },
      { cause },
    );
  };
}
