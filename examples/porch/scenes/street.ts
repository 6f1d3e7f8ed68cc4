import type { Clip, ClipEvent } from './clip.ts';
import type { Conditions } from './camera.ts';
import { hashSeed } from './random.ts';
import { type Site, STREET_SITES } from './site.ts';

/** What one worker thread is asked for: every `shares`-th clip, beginning with `share`. */
export interface StreetShare {
  readonly root: string;
  readonly seed: number;
  readonly clipsPerSite: number;
  readonly share: number;
  readonly shares: number;
}

/** A line of `clips.jsonl`. */
export interface ClipLine {
  readonly file: string;
  readonly site: string;
  readonly conditions: Conditions;
  readonly events: readonly ClipEvent[];
}

export interface ClipPlan {
  readonly file: string;
  readonly site: Site;
  readonly seed: number;
}

export function clipPlan(seed: number, clipsPerSite: number): readonly ClipPlan[] {
  return STREET_SITES.flatMap((site) =>
    Array.from({ length: clipsPerSite }, (_, index) => ({
      file: `${site.name}/${String(index + 1).padStart(4, '0')}.mp4`,
      site,
      seed: hashSeed('street', seed, site.name, index),
    })),
  );
}

function toSeconds(value: number): number {
  return Math.round(value * 100) / 100;
}

export function clipLine(file: string, clip: Clip): ClipLine {
  return {
    file,
    site: clip.site.name,
    conditions: clip.script.conditions,
    events: clip.events.map(({ label, start, end }) => ({ label, start: toSeconds(start), end: toSeconds(end) })),
  };
}
