import { z } from 'zod';
import { conditionsSchema } from './clip-list.ts';
import type { FootageFile } from './footage.ts';
import { pathFault } from './safe-path.ts';
import { isVideo } from './video-kind.ts';

/** What stands in the JSON beside a clip (`lobby/0412.mp4` has `lobby/0412.json`). Everything may be left out. */
export const sidecarSchema = z.strictObject({
  site: z
    .string()
    .min(1)
    .optional()
    .describe('Default: the camera in a name of Frigate’s (`2026-03-01/22/driveway/14.20.mp4`), else the first folder.'),
  capturedAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When the footage begins. Default: the time in a name of Frigate’s, else when the file was last written.'),
  conditions: conditionsSchema,
});

/** What is known of a clip besides its bytes. `night`: see `nightOf`. */
export type Circumstances = {
  site: string;
  capturedAt: string;
  night: string;
  conditions: Readonly<Record<string, string>>;
};

/** A clip with the text beside it. */
export type Arrived = { clip: FootageFile; sidecar: FootageFile | null };

/** The clips of a listing, each with its sidecar; whatever else lies there is passed over. */
export function clipsIn(files: readonly FootageFile[]): readonly Arrived[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  return files
    .filter(({ name }) => isVideo(name) && pathFault(name) === undefined)
    .map((clip) => ({ clip, sidecar: byName.get(clip.name.replace(/\.[^.]+$/, '.json')) ?? null }));
}

/** @param sidecar the text beside the clip, or null */
export function readCircumstances(clip: FootageFile, sidecar: string | null): Circumstances | { fault: string } {
  let written: unknown = {};
  try {
    if (sidecar !== null) written = JSON.parse(sidecar);
  } catch {
    return { fault: 'the .json beside it is not JSON' };
  }
  const parsed = sidecarSchema.safeParse(written);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { fault: `the .json beside it: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong'}` };
  }
  const recorded = recordedByFrigate(clip.name);
  const capturedAt = new Date(parsed.data.capturedAt ?? recorded?.capturedAt ?? clip.modifiedAt).toISOString();
  const folder = clip.name.includes('/') ? clip.name.slice(0, clip.name.indexOf('/')) : undefined;
  const site = parsed.data.site ?? recorded?.site ?? folder;
  if (site === undefined) return { fault: 'nothing says its site: put it in a folder named after it, or a .json beside it' };
  return { site, capturedAt, night: nightOf(capturedAt), conditions: parsed.data.conditions };
}

/** Frigate's own names say camera and time, in UTC: `recordings/2026-03-01/22/driveway/14.20.mp4`. */
export function recordedByFrigate(name: string): { site: string; capturedAt: string } | null {
  const parts = /(?:^|\/)(\d{4}-[01]\d-[0-3]\d)\/([01]\d|2[0-3])\/([\w-]+)\/([0-5]\d)\.([0-5]\d)\.mp4$/.exec(name);
  if (parts === null) return null;
  const [, day = '', hour = '', site = '', minute = '', second = ''] = parts;
  const capturedAt = `${day}T${hour}:${minute}:${second}Z`;
  const time = new Date(capturedAt);
  const isReal = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day); // there is no 31 February
  return isReal ? { site, capturedAt } : null;
}

/** The night that a moment belongs to: from noon to noon UTC, named after the day on which it begins. */
export function nightOf(moment: string): string {
  return new Date(new Date(moment).getTime() - 12 * 3_600_000).toISOString().slice(0, 10);
}
