import { CouldNotRun } from '#kernel';
import type { Clip, Footage, Frame, OpenDataset, ClipDataset, ReplayQuestion } from '#datasets';
import { readClip, readSignals, trialKey, type ClipSignals, type Subject } from '#eval';
import { events, mapClasses } from '#tasks';
import type { RunningModel, ModelPool } from '#runners';
import type { ArrivedClip } from '#history';
import type { ReplayPorts } from './ports.ts';

export type Collecting = {
  question: ReplayQuestion;
  footage: Footage;
  threshold: number | null;
  pool: ModelPool;
  ports: ReplayPorts;
};

/** Signals of every clip that could be replayed, and of each other one why it could not. */
export type Collected = { signals: ReadonlyMap<string, ClipSignals>; bad: ReadonlyMap<string, string> };

/** Every clip through one model; what was replayed before is not replayed again. A clip that cannot be decoded stops nothing. */
export async function collectSignals(subject: Subject, clips: readonly ArrivedClip[], to: Collecting): Promise<Collected> {
  const { ports } = to;
  const key = trialKey(subject, { task: 'events', digest: to.question.digest }, to.threshold);
  const kept = new Map((await ports.signals.read(key)).map((one) => [`${one.pin} ${one.clip}`, one]));
  const signals = new Map<string, ClipSignals>();
  const bad = new Map<string, string>();
  const missing: ArrivedClip[] = [];
  for (const clip of clips) {
    const known = kept.get(`${clip.pin} ${clip.file}`);
    if (known === undefined) missing.push(clip);
    else signals.set(clip.file, known);
  }
  if (missing.length === 0) return { signals, bad };
  const open = to.footage.open(datasetOf(missing, to.question));
  ports.progress.step(`${missing[0]?.night ?? ''}: ${subject.label} on ${subject.chipset.name}`, missing.length);
  await to.pool.use(subject.servable, subject.chipset, async (running) => {
    for (const clip of missing) {
      const read = await replayClip(running, open, clip, to);
      if (typeof read === 'string') bad.set(clip.file, read);
      else {
        signals.set(clip.file, read);
        await ports.signals.append(key, [read]);
      }
      ports.progress.advance();
    }
  });
  return { signals, bad };
}

/** What the footage's own fault is, is the answer; what is the model's is thrown. */
async function replayClip(
  model: RunningModel,
  open: OpenDataset,
  clip: ArrivedClip,
  to: Collecting,
): Promise<ClipSignals | string> {
  const watched = watchFootage(open);
  try {
    const { rule, classes } = to.question;
    const named = mapClasses(model.metadata.labels ?? null, { name: 'the footage', ...to.question }, model.metadata.name);
    const run = { task: events, dataset: { rule, classes }, classes: named, threshold: to.threshold };
    const scores = await readClip(model, watched.open, asClip(clip), run);
    const seconds = await watched.open.seconds(asClip(clip));
    return readSignals({ id: clip.file, pin: clip.pin, seconds }, scores, rule);
  } catch (thrown) {
    if (!watched.isAtFault() || !(thrown instanceof CouldNotRun)) throw thrown;
    return thrown.problems[0]?.message ?? thrown.message;
  }
}

/** The same footage, remembering whether it was itself what failed. */
function watchFootage(open: OpenDataset): { open: OpenDataset; isAtFault: () => boolean } {
  let atFault = false;
  const note = (thrown: unknown): never => {
    atFault = true;
    throw thrown;
  };
  async function* watch(clip: Clip, framesPerSecond: number): AsyncGenerator<Frame> {
    let frames = 0;
    try {
      for await (const frame of open.frames(clip, framesPerSecond)) {
        frames += 1;
        yield frame;
      }
    } catch (thrown) {
      note(thrown);
    }
    atFault = frames === 0;
  }
  const watched: OpenDataset = {
    dataset: open.dataset,
    read: (sample) => open.read(sample),
    frames: watch,
    seconds: (clip) => open.seconds(clip).catch(note),
  };
  return { open: watched, isAtFault: () => atFault };
}

/** Arrived clips as what any dataset is made of; nobody has said yet what happens in them. */
export function datasetOf(clips: readonly ArrivedClip[], question: ReplayQuestion): ClipDataset {
  return {
    round: 'replay',
    medium: 'clips',
    task: 'events',
    name: 'arrived',
    ...question,
    cluster: 'clip',
    clips: clips.map(asClip),
  };
}

export function asClip({ file, pin, site, conditions }: ArrivedClip): Clip {
  return { id: file, media: { kind: 'video', pin }, site, conditions, events: [] };
}
