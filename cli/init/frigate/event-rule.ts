import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { Camera } from './cameras.ts';
import { polygonOf, type Polygon } from './zones.ts';

/** How boxes become events, as `rule` of a replay manifest has it, and `threshold` of model.yaml. */
export type EventRule = {
  threshold: number;
  framesPerSecond: number;
  /** Frames. */
  persistence: number;
  /** Seconds. */
  mergeGap: number;
  /** Share of the frame; 0: any. */
  minimumArea: number;
  zones: Readonly<Record<string, readonly Polygon[]>>;
  /** Where one rule says less than Frigate's many. */
  notes: readonly Problem[];
};

/** Frigate has thresholds and areas for each label and camera; there is one rule, so it takes the least strict. */
export function eventRuleOf(cameras: readonly Camera[], source: SourceMap): EventRule {
  const notes: Problem[] = [];
  const one = (of: string, path: readonly string[], values: readonly number[]): number => {
    const least = Math.min(...values);
    const most = Math.max(...values);
    if (least === most) return least;
    const message = `${of} differs by camera, zone or label (${short(least)} to ${short(most)}): the rule has the least, ${short(least)}`;
    notes.push(problemAt(source, path, message, 'where the difference matters, give each camera a dataset of its own'));
    return least;
  };
  const labelled = cameras.flatMap((camera) => camera.track.map((label) => ({ camera, filter: camera.filterOf(label) })));
  const zones = zonesOf(cameras, source);
  return {
    threshold: one(
      'the threshold',
      ['objects', 'filters'],
      labelled.map(({ filter }) => filter.threshold ?? 0.7),
    ),
    framesPerSecond: one(
      'detect.fps',
      ['detect', 'fps'],
      cameras.map(({ fps }) => fps),
    ),
    persistence: Math.max(1, one('how long an object must be there (frames)', ['cameras'], cameras.flatMap(persistenceOf))),
    mergeGap: one(
      'how long an object may be gone (seconds)',
      ['detect', 'max_disappeared'],
      cameras.map(({ disappeared, fps }) => disappeared / fps),
    ),
    minimumArea: one(
      'the minimum area (share of the frame)',
      ['objects', 'filters'],
      labelled.map(({ camera, filter }) => areaOf(camera, filter.min_area ?? 0, notes, source)),
    ),
    zones: zones.value,
    notes: [...notes, ...zones.notes],
  };
}

/** Frames in a row: a zone's inertia, or the time that somebody has to linger in it. */
function persistenceOf({ zones, fps, initialized }: Camera): number[] {
  if (zones.length === 0) return [initialized];
  return zones.map(({ inertia, loitering_time: lingering }) => Math.max(inertia ?? 3, Math.ceil((lingering ?? 0) * fps)));
}

/** Frigate writes pixels, or shares below 1. */
function areaOf({ name, size }: Camera, area: number, notes: Problem[], source: SourceMap): number {
  if (area < 1) return area;
  if (size !== null) return Math.round((1e6 * area) / (size.width * size.height)) / 1e6;
  const message = `the minimum area of camera ${name} is left out: it is in pixels, and nothing says of how many`;
  notes.push(
    problemAt(source, ['cameras', name], message, 'set detect.width and detect.height, or minimum-area in the manifest'),
  );
  return 0;
}

function zonesOf(cameras: readonly Camera[], source: SourceMap): { value: EventRule['zones']; notes: Problem[] } {
  const notes: Problem[] = [];
  const entries = cameras.map(({ name, zones, size, zonesAreRequired }) => {
    const polygons = zones.flatMap((zone) => {
      const found = polygonOf(zone, size);
      if ('polygon' in found) return [found.polygon];
      const message = `zone ${zone.name} is left out: ${found.fault}`;
      notes.push(problemAt(source, ['cameras', name, 'zones', zone.name, 'coordinates'], message, found.remedy));
      return [];
    });
    if (polygons.length > 0 && !zonesAreRequired) {
      const message = `only what stands in a zone of camera ${name} will count; Frigate, where review.alerts.required_zones names none, alerts outside them too`;
      const remedy = `remove ${name} under rule.zones of the manifest where all of the picture matters`;
      notes.push(problemAt(source, ['cameras', name, 'zones'], message, remedy));
    }
    return [name, polygons] as const;
  });
  return { value: Object.fromEntries(entries.filter(([, polygons]) => polygons.length > 0)), notes };
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
