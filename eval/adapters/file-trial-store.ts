import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson, CouldNotRun, digestOfJson, digestSchema, hexOf } from '#kernel';
import type { ClipSignals } from '../replay/clip-signals.ts';
import type { ClipTrial, SampleTrial, TrialKey, TrialStore } from '#tasks';

const timedEvent = { label: z.string(), start: z.number(), end: z.number() };
const sampleTrial: z.ZodType<SampleTrial> = z.strictObject({
  sample: z.string(),
  truth: z.number(),
  ranked: z.array(z.number()),
  score: z.strictObject({ truth: z.number(), best: z.number() }),
  tied: z.boolean(),
});
const clipTrial: z.ZodType<ClipTrial> = z.strictObject({
  clip: z.string(),
  site: z.string(),
  conditions: z.record(z.string(), z.string()),
  seconds: z.number(),
  truth: z.array(z.strictObject(timedEvent)),
  detections: z.array(z.strictObject({ ...timedEvent, alarm: z.number(), peak: z.number() })),
  matches: z.array(z.strictObject({ truth: z.number(), detection: z.number(), delay: z.number() })),
});

const clipSignals: z.ZodType<ClipSignals> = z.strictObject({
  clip: z.string(),
  pin: digestSchema,
  seconds: z.number(),
  threshold: z.number(),
  detections: z.array(z.strictObject({ ...timedEvent, alarm: z.number(), peak: z.number() })),
  opening: z.record(z.string(), z.number()),
});

/** Trials of samples, one JSONL file for each key below the folder. */
export function fileSampleTrials(folder: string): TrialStore<SampleTrial> {
  return fileTrialStore(folder, sampleTrial, (trial) => trial.sample);
}

/** Trials of clips, one JSONL file for each key below the folder. */
export function fileClipTrials(folder: string): TrialStore<ClipTrial> {
  return fileTrialStore(folder, clipTrial, (trial) => trial.clip);
}

/** Signals of clips that were replayed, as above; a clip is one by its name and its bytes. */
export function fileClipSignals(folder: string): TrialStore<ClipSignals> {
  return fileTrialStore(folder, clipSignals, (signals) => `${signals.pin} ${signals.clip}`);
}

/**
 * A file is a header line that repeats the key, and a line for each trial. Whole lines are appended in one write, so that
 * two processes may share a file; a line that is torn or doubled is dropped when it is read, and the trial made again.
 */
function fileTrialStore<T>(folder: string, schema: z.ZodType<T>, idOf: (trial: T) => string): TrialStore<T> {
  const fileOf = (key: TrialKey) => join(folder, `${hexOf(digestOfJson(key))}.jsonl`);
  return {
    read: async (key) => {
      const lines = (await readText(fileOf(key))).split('\n');
      if (!lines.includes(headerOf(key))) return [];
      const trials = lines.flatMap((line) => parseLine(line, schema));
      return [...new Map(trials.map((trial) => [idOf(trial), trial])).values()];
    },
    append: async (key, trials) => {
      if (trials.length === 0) return;
      const text = trials.map((trial) => `${JSON.stringify(trial)}\n`).join('');
      await mkdir(folder, { recursive: true }).catch(unwritable(folder));
      await appendLines(fileOf(key), headerOf(key), text).catch(unwritable(fileOf(key)));
    },
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
