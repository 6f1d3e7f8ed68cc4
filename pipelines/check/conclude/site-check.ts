import { CouldNotRun, expectedScoresSchema, type ExpectedScores } from '#kernel';
import { scoreFrames, type FrameScores } from '#eval';
import type { Frame } from '#datasets';
import type { ImagePin, SiteReplay } from '#gitops';
import { configFile, type ChipsetConfig, type DeployConfig } from '#config';
import { platformsOf, runtimeOn } from '#pipelines/releases';
import type { CheckContext } from '../check-context.ts';
import { clipToReplay } from '../plan/clip-to-replay.ts';
import type { PlannedModel } from '../plan/plan-model-change.ts';

/** Letters. Linux takes no argument of a program that is longer than 128 KiB. */
const MOST_EXPECTED = 100_000;

/**
 * The clip as an image, and what the release answers to it on each chipset of a site: asked here once more, frame by frame,
 * for trials keep events and no scores.
 */
export async function replayFor(planned: PlannedModel, deploy: DeployConfig, context: CheckContext): Promise<SiteReplay | null> {
  const { model } = planned.plan;
  const chosen = clipToReplay(model, deploy, context);
  if (chosen === null) return null;
  const { change, ports } = context;
  const { open, dataset, clip, tolerance } = chosen;
  const frames = await Array.fromAsync(open.frames(clip, dataset.rule.framesPerSecond));
  const chipsets = change.config.chipsets.filter(({ name }) => deploy.sites.some(({ chipset }) => chipset === name));
  const built = await ports.images.clips.build(
    { clip: clip.id, platforms: platformsOf({ chipsets }), frames: each(frames) },
    ports.progress,
  );
  const on = new Map<string, { runtime: ImagePin; expected: string }>();
  for (const name of new Set(deploy.sites.map(({ chipset }) => chipset))) {
    const chipset = change.config.chipsets.find((entry) => entry.name === name);
    if (chipset === undefined) continue;
    ports.progress.step(`replay ${clip.id} as a site will: ${name}`);
    const scores = await answersOn(chipset, planned, { clip: clip.id, site: clip.site, frames, dataset }, context);
    const text = textOf(scores, tolerance);
    if (text.length > MOST_EXPECTED) throw tooMuch(clip.id, frames.length, Object.keys(dataset.rule.labels).length);
    on.set(name, { runtime: await runtimeFor(chipset, planned, context), expected: text });
  }
  return { clip: { image: `${parentOf(model.image)}/fieldproof-clips`, digest: built.digest }, on };
}

async function answersOn(
  chipset: ChipsetConfig,
  { candidate }: PlannedModel,
  asked: Parameters<typeof scoreFrames>[1],
  { ports }: CheckContext,
): Promise<FrameScores> {
  const running = await ports.runner.start(candidate.servable, chipset);
  try {
    return await scoreFrames(running, asked);
  } finally {
    await running.stop();
  }
}

/** Four decimals: fewer bytes in Git, and far below any tolerance that makes sense. */
function textOf({ labels, ...asked }: FrameScores, tolerance: number): string {
  const rounded = Object.entries(labels).map(([label, { classes, scores }]) => {
    return [label, { classes, scores: scores.map((score) => Number(score.toFixed(4))) }] satisfies [string, object];
  });
  const expected: ExpectedScores = { version: 1, ...asked, tolerance, labels: Object.fromEntries(rounded) };
  return JSON.stringify(expectedScoresSchema.parse(expected));
}

/** The runtime that serves the model there, or this installation's where the model brings its own server. */
async function runtimeFor(
  { name, platform }: ChipsetConfig,
  { plan, candidate }: PlannedModel,
  { ports }: CheckContext,
): Promise<ImagePin> {
  const { image, digest: named } = plan.model.runtime;
  const digest = runtimeOn(candidate, platform) ?? named ?? (await ports.images.runtime.describe(platform))?.digest;
  if (digest !== undefined) return { image, digest };
  throw new CouldNotRun({
    file: configFile,
    field: `chipsets.${name}.platform`,
    message: `there is no stock runtime for ${platform}, which would replay the clip there`,
    remedy: 'take deploy.verify away, or use chipsets of linux/amd64 or linux/arm64',
  });
}

async function* each(frames: readonly Frame[]): AsyncGenerator<Frame> {
  yield* frames;
  await Promise.resolve();
}

function parentOf(image: string): string {
  return image.slice(0, image.lastIndexOf('/'));
}

function tooMuch(clip: string, frames: number, labels: number): CouldNotRun {
  return new CouldNotRun({
    file: configFile,
    field: 'deploy.verify.clip',
    message: `${clip} has ${frames} frames with scores of ${labels} labels, which is more than a Job can be told`,
    remedy: 'name a shorter clip',
  });
}
