import type { FrigateConfig, FrigateFilter, FrigateZone } from './frigate-config.ts';

/** A camera with what it takes over from the whole configuration, and Frigate's own defaults. */
export type Camera = {
  name: string;
  track: readonly string[];
  /** Of a label; empty where it has none. */
  filterOf: (label: string) => FrigateFilter;
  /** Frames a second that are looked at. */
  fps: number;
  /** Pixels of the pictures that are looked at, where the configuration says them. */
  size: { width: number; height: number } | null;
  /** Frames in a row before an object counts, and frames without it before it is gone. */
  initialized: number;
  disappeared: number;
  /** Those that its alerts require, else all. */
  zones: readonly (FrigateZone & { name: string })[];
  zonesAreRequired: boolean;
};

/** Cameras that are switched off are none. */
export function camerasOf(config: FrigateConfig): Camera[] {
  return Object.entries(config.cameras).flatMap(([name, camera]) => {
    const detect = { ...given(config.detect), ...given(camera.detect) };
    if (camera.enabled === false || detect.enabled === false) return [];
    const { width, height, fps = 5 } = detect;
    const filterOf = (label: string): FrigateFilter => ({
      ...given(own(config.objects?.filters, label)),
      ...given(own(camera.objects?.filters, label)),
    });
    const required = camera.review?.alerts?.required_zones ?? [];
    const zones = Object.entries(camera.zones ?? {}).map(([zone, value]) => ({ ...value, name: zone }));
    return {
      name,
      track: [...new Set(camera.objects?.track ?? config.objects?.track ?? ['person'])],
      filterOf,
      fps,
      size: width === undefined || height === undefined ? null : { width, height },
      initialized: Math.max(3, detect.min_initialized ?? Math.floor(fps / 2)),
      disappeared: detect.max_disappeared ?? 5 * fps,
      zones: required.length === 0 ? zones : zones.filter((zone) => required.includes(zone.name)),
      zonesAreRequired: required.length > 0,
    };
  });
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Without what is left empty. */
function given<T extends object>(section: T | null | undefined): Given<T> {
  const filled = Object.entries(section ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(filled) as Given<T>;
}

function own<T>(map: Readonly<Record<string, T>> | null | undefined, key: string): T | undefined {
  return map !== null && map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
