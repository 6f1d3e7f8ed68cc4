import { z } from 'zod';
import { checkValue, CouldNotRun, MOST_PROBLEMS, parseYaml, reasonOf, type Parsed, type Problem } from '#kernel';
import { readBounded } from './bounded-list.ts';
import type { Checked, DeclaredClip, DeclaredMedia } from './declared.ts';
import { isPlaylist } from './video-kind.ts';

const path = z.string().min(1);
const conditionName = z
  .string()
  .regex(/^[A-Za-z][\w-]*$/, 'expected a name: letters, digits, - and _, a letter first')
  .refine((name) => name !== 'site', 'a condition cannot be called `site`: the clip has one already');
const seconds = z.number().nonnegative();
const rate = z.number().positive().max(240);

export const conditionsSchema = z
  .record(conditionName, z.string().min(1))
  .default({})
  .describe('Capture conditions, such as light: night.');

/** `null` stands where nobody has looked yet. It is no empty list: that would say that nothing happens. */
const UNSEEN =
  'nobody has said yet what happens in it: write [] for nothing, or what there is, such as [{"label":"person","start":3.2,"end":6.8}], or remove the line';

export const eventsSchema = z.array(z.strictObject({ label: z.string().min(1), start: seconds, end: seconds }), {
  error: (issue) => (issue.input === null ? UNSEEN : undefined),
});

const common = {
  site: z.string().min(1),
  conditions: conditionsSchema,
  events: eventsSchema.describe('Seconds from the start of the clip; an empty list says that nothing happens in it.'),
};

/** One clip, as a line of a .jsonl file or an item of the manifest's own list. */
export const clipSchema = z.union([
  z.strictObject({ file: path, 'frames-per-second': rate.optional(), ...common }),
  z.strictObject({ segments: path, ...common }),
  z.strictObject({ frames: path, 'frames-per-second': rate, ...common }),
]);

type WrittenClip = z.output<typeof clipSchema>;

/** Clips from a text with one JSON object per line; blank lines are passed over. */
export function readClipLines(text: string, file: string): Checked<readonly DeclaredClip[]> {
  return readBounded(text, { file }, () => readLines(text, file));
}

function readLines(text: string, file: string): Checked<readonly DeclaredClip[]> {
  const clips: DeclaredClip[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line, file, index + 1);
    if ('problems' in parsed) problems.push(...parsed.problems);
    if (problems.length > MOST_PROBLEMS) break;
    if ('clip' in parsed) clips.push(declare(parsed.clip, (field) => ({ file, line: index + 1, field: field.join('.') })));
  }
  if (clips.length === 0 && problems.length === 0)
    problems.push({ file, message: 'holds no clips', remedy: 'write one clip per line' });
  return { value: clips, problems };
}

/** Clips that stand in the manifest itself. */
export function clipsInManifest(clips: readonly WrittenClip[], source: Parsed<unknown>['source']): readonly DeclaredClip[] {
  return clips.map((clip, index) =>
    declare(clip, (field) => ({
      file: source.file,
      ...source.place(['clips', index, ...field]),
      field: ['clips', index, ...field].join('.'),
    })),
  );
}

function parseLine(line: string, file: string, number: number): { clip: WrittenClip } | { problems: readonly Problem[] } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    return { problems: [{ file, line: number, message: `not JSON: ${reasonOf(cause)}`, remedy: 'write one clip per line' }] };
  }
  const result = checkValue(clipSchema, json);
  if (result.success) return { clip: result.data };
  return { problems: describeLine(line, file).map((problem) => ({ ...problem, line: number })) };
}

/** JSON is YAML too, and the YAML reader knows the column of every field: slower, so only for lines that are wrong. */
function describeLine(line: string, file: string): readonly Problem[] {
  try {
    parseYaml(line, file, clipSchema);
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return thrown.problems;
    throw thrown;
  }
  return [{ file, message: 'is not a clip', remedy: 'see docs/datasets.md' }];
}

function declare(clip: WrittenClip, at: DeclaredClip['at']): DeclaredClip {
  return { media: mediaOf(clip), site: clip.site, conditions: clip.conditions, events: clip.events, at };
}

function mediaOf(clip: WrittenClip): DeclaredMedia {
  if ('frames' in clip) return { kind: 'frames', folder: clip.frames, framesPerSecond: clip['frames-per-second'] };
  if ('segments' in clip) return { kind: 'segments', folder: clip.segments };
  if (isPlaylist(clip.file)) return { kind: 'playlist', file: clip.file };
  return { kind: 'video', file: clip.file, framesPerSecond: clip['frames-per-second'] ?? null };
}
