import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { FrigateConfig } from './frigate-config.ts';

type Section = Readonly<Record<string, unknown>>;
type Looked = { path: readonly PropertyKey[]; section: Section };

/** Fields that no rule of ours knows, and what to do without them. */
const UNKNOWN: Readonly<Record<string, readonly [what: string, todo: string]>> = {
  max_area: ['no box is too large for the rule', 'label what the large box is, and let false alarms count it'],
  min_ratio: ['boxes are not judged by their shape', 'let false alarms count what it kept out'],
  max_ratio: ['boxes are not judged by their shape', 'let false alarms count what it kept out'],
  mask: ['there are no masks', 'leave the place out of the zone instead, under rule.zones of the manifest'],
  objects: ['a zone counts every label', 'make a dataset for each label, where that matters'],
  filters: ['a zone has no filters of its own', 'make a dataset for each zone, where that matters'],
  speed_threshold: ['speed is not measured', 'use loitering_time, or let false alarms count it'],
};

const OF_FILTER = ['max_area', 'min_ratio', 'max_ratio', 'mask'];
const OF_ZONE = ['objects', 'filters', 'speed_threshold'];

/** What of the configuration has no counterpart, each thing once, at the first place where it stands. */
export function leftBehind(config: FrigateConfig, source: SourceMap): Problem[] {
  const found: { key: string; path: readonly PropertyKey[] }[] = [];
  const look = (keys: readonly string[], { path, section }: Looked) => {
    for (const key of keys) if (isSet(section[key])) found.push({ key, path: [...path, key] });
  };
  for (const scope of scopesOf(config)) {
    const within = (name: string): Looked => ({ path: [...scope.path, name], section: sectionOf(scope.section[name]) });
    look(['mask'], within('motion'));
    look(['mask'], within('objects'));
    for (const filter of entriesOf(within('objects'), 'filters')) look(OF_FILTER, filter);
    for (const zone of childrenOf(within('zones'))) look(OF_ZONE, zone);
  }
  return [...Map.groupBy(found, ({ key }) => key)].flatMap(([key, places]) => noteOf(key, places, source));
}

function noteOf(key: string, places: readonly { path: readonly PropertyKey[] }[], source: SourceMap): Problem[] {
  const [what, todo] = UNKNOWN[key] ?? [];
  const [first, ...others] = places;
  if (what === undefined || todo === undefined || first === undefined) return [];
  const more = others.length === 0 ? '' : ` (and at ${others.length} more place${others.length === 1 ? '' : 's'})`;
  return [problemAt(source, first.path, `left out${more}: ${what}`, todo)];
}

function scopesOf(config: FrigateConfig): Looked[] {
  const cameras = Object.entries(config.cameras).map(([name, section]) => ({ path: ['cameras', name], section }));
  return [{ path: [], section: config }, ...cameras];
}

function entriesOf({ path, section }: Looked, key: string): Looked[] {
  return childrenOf({ path: [...path, key], section: sectionOf(section[key]) });
}

function childrenOf({ path, section }: Looked): Looked[] {
  return Object.entries(section).map(([key, value]) => ({ path: [...path, key], section: sectionOf(value) }));
}

function sectionOf(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}
