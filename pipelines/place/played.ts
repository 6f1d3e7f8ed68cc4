import type { ClipDataset } from '#datasets';
import { inOrder, type Crossing, type Graph, type Placement, crossingsOf } from '#graphs';
import type { Observed } from '#places';
import { scoreAnswers, type Trial } from '#tasks';
import { CouldNotRun } from '#kernel';

/** One clip through a graph under a placement, once. */
export type PlayedClip = {
  clip: string;
  repeat: number;
  seconds: number;
  /** Frames that its camera gave, and those of them that somebody before the answer had no time for. */
  frames: number;
  dropped: number;
  /** Milliseconds from capture to answer, of each frame that was answered. */
  delays: readonly number[];
  bytes: { up: number; down: number };
  /** Milliseconds of processor time by place; what belongs to no stage is shared out. */
  processor: Readonly<Record<string, number>>;
};

/** What came of one run, clip by clip, with the answers held against the truth. */
export type Played = { observed: Observed; clips: readonly PlayedClip[]; trials: readonly Trial[] };

export type PlayedRun = {
  graph: Graph;
  placement: Placement;
  dataset: ClipDataset;
  secondsOf: ReadonlyMap<string, number>;
  repeat: number;
};

/** @throws CouldNotRun when an answer is none that the footage's task could have */
export function readRun(observed: Observed, run: PlayedRun): Played {
  const crossings = crossingsOf(run.graph, run.placement);
  const clips = observed.recordings.map((recording) => clipOf(recording, observed, { ...run, crossings }));
  return { observed, clips, trials: trialsOf(observed, run) };
}

type Recording = Observed['recordings'][number];

function clipOf(
  { camera, frames, refused }: Recording,
  observed: Observed,
  { graph, secondsOf, repeat, crossings }: PlayedRun & { crossings: readonly Crossing[] },
): PlayedClip {
  const seconds = secondsOf.get(camera) ?? 0;
  const total = [...secondsOf].reduce((sum, [, one]) => sum + one, 0);
  return {
    clip: camera,
    repeat,
    seconds,
    frames,
    dropped: droppedBefore(graph, observed, camera).size + refused.length,
    delays: observed.places.flatMap(({ judged, clock }) =>
      judged.flatMap((one) => (one.camera === camera ? [one.endedAt - clock.offset - one.capturedAt] : [])),
    ),
    bytes: { up: bytesOver('up', crossings, observed, camera), down: bytesOver('down', crossings, observed, camera) },
    processor: Object.fromEntries(
      observed.places.map(({ place, stages, cpu }) => {
        const byStages = stages.flatMap(({ work }) => work);
        const own = byStages.filter((work) => work.camera === camera).reduce((sum, work) => sum + work.cpu, 0);
        const rest = cpu - byStages.reduce((sum, work) => sum + work.cpu, 0);
        return [place, own + (Math.max(0, rest) * seconds) / total];
      }),
    ),
  };
}

/** Captures of a camera that were dropped before the answer stage, or on the way there. */
function droppedBefore(graph: Graph, { places }: Observed, camera: string): ReadonlySet<number> {
  const before = stagesBefore(graph);
  const drops = places.flatMap(({ stages, sent }) => [
    ...stages.filter(({ stage }) => before.has(stage)).flatMap(({ dropped }) => dropped),
    ...sent.filter(({ to }) => before.has(to)).flatMap(({ dropped }) => dropped),
  ]);
  return new Set(drops.filter((drop) => drop.camera === camera).map(({ capturedAt }) => capturedAt));
}

/** The answer stage, and all that it waits for. */
export function stagesBefore(graph: Graph): ReadonlySet<string> {
  const before = new Set([graph.answer]);
  for (const { name, from } of inOrder(graph).toReversed()) if (before.has(name)) for (const source of from) before.add(source);
  return before;
}

function bytesOver(way: 'up' | 'down', crossings: readonly Crossing[], { places }: Observed, camera: string): number {
  const edges = crossings.filter((crossing) => crossing.way === way);
  return places
    .flatMap(({ sent }) => sent)
    .filter(({ from, to }) => edges.some((edge) => edge.from === from && edge.to === to))
    .flatMap(({ bytes }) => bytes)
    .filter((one) => one.camera === camera)
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Times of the footage: seconds from the start of each clip. */
function trialsOf({ places, recordings }: Observed, { dataset, secondsOf }: PlayedRun): readonly Trial[] {
  const answers = recordings.map(({ camera, began }) => {
    const inClip = (moment: number) => Math.max(0, (moment - began) / 1000);
    const seconds = secondsOf.get(camera) ?? 0;
    const said = places.flatMap((place) => place.answers).filter((answer) => answer.camera === camera);
    const detections = said.map(({ label, start, end, alarm, peak }) => ({
      label,
      start: inClip(start),
      end: Math.min(inClip(end), seconds),
      alarm: inClip(alarm),
      peak,
    }));
    return { id: camera, detections: detections.filter(({ label }) => Object.hasOwn(dataset.rule.labels, label)) };
  });
  const scored = scoreAnswers(dataset, answers, secondsOf);
  if (scored.kind === 'scored') return scored.trials;
  throw new CouldNotRun({ file: dataset.name, message: scored.reason, remedy: 'look at what the answer stage says' });
}
