import path from 'node:path';
import { stringify } from 'yaml';
import type { EventRule } from './event-rule.ts';
import type { Recording } from './recordings.ts';

/** The dataset that cameras make. Pure: what is known in, texts out. */
export type CameraDataset = {
  classes: Readonly<Record<string, readonly string[]>>;
  rule: EventRule;
  /** Folder of the recordings, absolute or relative to the repository; null where nobody has named it. */
  footage: string | null;
  recordings: readonly Recording[];
};

const NAME = 'datasets/cameras';

export const CAMERAS = { name: 'cameras', manifest: `${NAME}.yaml`, list: `${NAME}.jsonl` } as const;

/** `repository`: its folder, absolute. */
export function cameraFiles(dataset: CameraDataset, repository: string): { path: string; text: string }[] {
  const manifest = { path: CAMERAS.manifest, text: manifestText(dataset, repository) };
  const list = { path: CAMERAS.list, text: dataset.recordings.map(lineOf).join('') };
  return dataset.recordings.length === 0 ? [manifest] : [manifest, list];
}

/** What happens in it nobody has said yet: a list that says so is refused wherever truth is needed. */
function lineOf({ file, camera }: Recording): string {
  return `${JSON.stringify({ file, site: camera, events: null })}\n`;
}

function manifestText({ classes, rule, footage, recordings }: CameraDataset, repository: string): string {
  const root = footage === null ? '../recordings' : rootOf(footage, repository);
  const mark = footage === null ? '   # set: the folder of its recordings (recordings/ of its media folder)' : '';
  const names = Object.keys(classes);
  const labels = Object.fromEntries(names.map((name) => [eventName(name), [name]]));
  // A zone of a site without a clip is refused: most likely its name would be written wrong.
  const sites = new Set(recordings.map(({ camera }) => camera));
  const zones = Object.entries(rule.zones).filter(([site]) => sites.size === 0 || sites.has(site));
  return `version: 1
kind: replay
task: classification
classes: ${flow(names.some((name) => classes[name]?.length !== 0) ? classes : names)}
root: ${flow(root)}${mark}
clips: cameras.jsonl
pins: cameras.sha256
labels: ${flow(labels)}
rule:
  frames-per-second: ${rule.framesPerSecond}
  persistence: ${rule.persistence}   # frames in a row
  merge-gap: ${round(rule.mergeGap)}s
  tolerance: 1s
${rule.minimumArea > 0 ? `  minimum-area: ${rule.minimumArea}   # share of the frame\n` : ''}${zones.length === 0 ? '' : `  zones:\n${zones.map(([site, polygons]) => `    ${flow(site)}:\n${polygons.map((one) => `      - ${flow(one)}\n`).join('')}`).join('')}`}cluster: clip
`;
}

/** Relative to the manifest. */
function rootOf(footage: string, repository: string): string {
  const from = path.join(repository, path.dirname(CAMERAS.manifest));
  return path.relative(from, path.resolve(repository, footage)).split(path.sep).join('/');
}

/** Labels of events are plain names; classes may have spaces. */
function eventName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-');
  return /^[A-Za-z]/.test(plain) ? plain : `label-${plain}`;
}

/** A nightly replay needs something deployed, so it stands there to be switched on. */
export function replaysText({ footage }: CameraDataset, model: string, cameras: readonly string[]): string {
  const sites = cameras.map((name) => `{ name: ${flow(name)}, served-by: first-site }`).join(', ');
  return `
# replays:                                 # set: once something is deployed, what changed each night (docs/replays.md)
#   ${model}:
#     source: ${flow(footage ?? '../recordings')}
#     dataset: ${CAMERAS.name}
#     sites: [ ${sites} ]
#     sampling: { labelled-per-site-per-night: 4 }
#     harvest: { folder: labels/${model} }
`;
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
