import type { Clip, OpenDataset, ReplayDataset, Sample, Thumbnailer } from '#datasets';
import type { ClipTrial, SampleTrial } from '#tasks';
import type { Exhibit } from '#report';
import { planClipExhibits, planSampleExhibits, type ExhibitPlan } from './exhibits.ts';
import type { CheckContext } from '../check-context.ts';
import type { Scored } from '../measure/measure-context.ts';

const WIDTH = 320;

/** Pictures of the worst that changed, taken from the datasets themselves. One that cannot be drawn is shown without. */
export async function showExhibits(
  research: readonly Scored<SampleTrial>[],
  replay: readonly Scored<ClipTrial>[],
  { datasets, ports }: CheckContext,
): Promise<Exhibit[]> {
  const exhibits: Exhibit[] = [];
  for (const { dataset: name, candidate, reference } of firstOfEach(replay)) {
    const opened = datasets.replay.get(name);
    if (opened === undefined || reference === null) continue;
    for (const plan of planClipExhibits(candidate.trials, reference.trials)) {
      exhibits.push(await show(name, plan, clipPicture(opened, plan, ports.thumbnails)));
    }
  }
  for (const { dataset: name, candidate, reference } of firstOfEach(research)) {
    const opened = datasets.research.get(name);
    if (opened === undefined || reference === null) continue;
    const samples = new Map(opened.dataset.samples.map((sample) => [sample.id, sample]));
    const slicesOf = (id: string) => samples.get(id)?.slices ?? {};
    for (const plan of planSampleExhibits(candidate.trials, reference.trials, opened.dataset.classes, slicesOf)) {
      exhibits.push(await show(name, plan, samplePicture(opened.open, samples.get(plan.sample), ports.thumbnails)));
    }
  }
  return exhibits;
}

/** The deployed baseline alone: an anchor's differences would say the same twice. */
function firstOfEach<T>(scored: readonly Scored<T>[]): Scored<T>[] {
  return scored.filter(
    (one, index) => one.pairing.role === 'baseline' && scored.findIndex((other) => other.dataset === one.dataset) === index,
  );
}

type Picture = { jpeg: Uint8Array; width: number; height: number } | null;

async function show(dataset: string, plan: ExhibitPlan, picture: Promise<Picture>): Promise<Exhibit> {
  const drawn = await picture;
  return {
    kind: plan.kind,
    dataset,
    sample: plan.at === null ? plan.sample : `${plan.sample} at ${plan.at.toFixed(1)} s`,
    caption: plan.caption,
    slices: { ...plan.slices },
    jpeg: drawn === null ? null : Buffer.from(drawn.jpeg).toString('base64'),
    width: drawn?.width ?? 0,
    height: drawn?.height ?? 0,
  };
}

async function samplePicture(open: OpenDataset, sample: Sample | undefined, thumbnails: Thumbnailer): Promise<Picture> {
  return sample === undefined ? null : await thumbnails.thumbnail({ encoded: await open.read(sample) }, { maxWidth: WIDTH });
}

async function clipPicture(
  { open, dataset }: { open: OpenDataset; dataset: ReplayDataset },
  { sample, at }: ExhibitPlan,
  thumbnails: Thumbnailer,
): Promise<Picture> {
  const clip: Clip | undefined = dataset.clips.find(({ id }) => id === sample);
  if (clip === undefined || at === null) return null;
  for await (const frame of open.frames(clip, dataset.rule.framesPerSecond)) {
    if (frame.timestamp >= at) return await thumbnails.thumbnail(frame, { maxWidth: WIDTH });
  }
  return null;
}
