import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { writeClip } from '../make-clip.ts';

/** Datasets for the classifier of tiny-model.ts, whose scores are how red, green and blue a picture is. */
const COLOURS = { red: [200, 60, 60], green: [60, 200, 60], blue: [60, 60, 200] } as const;
const PICTURES_PER_CLASS = 16;
const CLIPS_PER_SITE = 15;
const SITES = ['lobby', 'garden'] as const;
const CLIP_SECONDS = 2;

export const configText = `version: 1
models:
  tiny: { build: models/tiny, image: registry.example/acme/tiny, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml }
  street: { manifest: datasets/street.yaml }
chipsets:
  here: { platform: linux/amd64, at: local, limits: { cpus: 1, memory: 1GiB } }
gates:
  tiny:
    - { dataset: bench, metric: top1, margin: 20%, at-least: 50% }
    - { dataset: street, metric: event-recall, margin: 25%, at-least: 50%, guard: [site] }
    - { dataset: street, metric: false-alarms-per-hour, margin: 700, at-most: 700 }
deploy:
  controller: flux
  repository: ../fleet.git
  branch: main
  sites: [ { name: lobby-berlin, chipset: here, link: 2Mbit/s }, { name: garden-oslo, chipset: here } ]
`;

export const researchManifest = `version: 1
kind: research
task: classification
classes: [red, green, blue]
root: ../../data/bench
samples: { folders: true }
pins: bench.sha256
`;

/** One event in each clip: half a second in, a second long. */
export const replayManifest = `version: 1
kind: replay
task: classification
classes: [red, green, blue]
root: ../../data/street
clips:
${SITES.flatMap((site) =>
  Array.from(
    { length: CLIPS_PER_SITE },
    (_, index) => `  - { file: ${site}-${index}.mp4, site: ${site}, events: [ { label: alarm, start: 0.5, end: 1.5 } ] }\n`,
  ),
).join('')}pins: street.sha256
labels: { alarm: [red] }
rule: { frames-per-second: 5, persistence: 2, merge-gap: 0.5s, tolerance: 0.3s }
`;

/** Small pictures, each of another shade: root/<class>/<n>.png. */
export async function writePictures(folder: string): Promise<void> {
  for (const [name, [r, g, b]] of Object.entries(COLOURS)) {
    mkdirSync(path.join(folder, name), { recursive: true });
    for (let shade = 0; shade < PICTURES_PER_CLASS; shade += 1) {
      const background = { r: r - shade, g: g - shade, b: b - shade };
      await sharp({ create: { width: 16, height: 12, channels: 3, background } })
        .png()
        .toFile(path.join(folder, name, `${shade}.png`));
    }
  }
}

/** Dark clips in which something red shows up for a second. */
export function writeFlashes(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const site of SITES) {
    for (let index = 0; index < CLIPS_PER_SITE; index += 1) {
      writeClip(path.join(folder, `${site}-${index}.mp4`), {
        width: 32,
        height: 16,
        framesPerSecond: 10,
        seconds: CLIP_SECONDS,
        draw: (pixels, _, time) => {
          const [red, green, blue] = time >= 0.5 && time < 1.5 ? [220 - index, 40, 40] : [40, 40, 40 + index];
          for (let at = 0; at < pixels.length; at += 3) pixels.set([red, green, blue], at);
        },
      });
    }
  }
}
