import { CouldNotRun } from '#kernel';
import type { Footage, ReplayQuestion } from '#datasets';
import type { Entry } from '#ledger';
import { asClip, datasetOf } from './collect-signals.ts';
import { factsAbout, type ArrivedClip, type ClipOfNight } from '#history';
import type { ReplayPorts } from './ports.ts';

export type Album = { model: string; entries: readonly Entry[]; question: ReplayQuestion; footage: Footage; ports: ReplayPorts };

/** A clip's name to the address of its picture. Empty where policy stores none; a clip that cannot be drawn is left out. */
export async function pictureClips(
  clips: readonly ClipOfNight[],
  { model, entries, question, footage, ports }: Album,
): Promise<ReadonlyMap<string, string>> {
  const { pictures } = ports;
  if (pictures === null || clips.length === 0) return new Map();
  const arrived = new Map(
    factsAbout(entries, model, 'arrival').flatMap(({ fact }) => fact.clips.map((clip) => [clip.file, clip] as const)),
  );
  const drawn: { file: string; jpeg: Uint8Array }[] = [];
  ports.progress.step('draw thumbnails', clips.length);
  for (const clip of clips) {
    const source = arrived.get(clip.file);
    const jpeg = source === undefined ? null : await drawClip(clip, source, { question, footage, ports });
    if (jpeg !== null) drawn.push({ file: clip.file, jpeg });
    ports.progress.advance();
  }
  const urls = await pictures.put(drawn.map(({ jpeg }) => jpeg));
  return new Map(drawn.flatMap(({ file }, index) => (urls[index] === undefined ? [] : [[file, urls[index]] as const])));
}

/** The frame on which two models differ most, else that in the middle of what the model saw first, else of the clip. */
async function drawClip(
  { detections: [seen], seconds, differsAt }: ClipOfNight,
  source: ArrivedClip,
  { question, footage, ports }: Pick<Album, 'question' | 'footage' | 'ports'>,
): Promise<Uint8Array | null> {
  const at = differsAt ?? (seen === undefined ? seconds / 2 : (seen.start + seen.end) / 2);
  try {
    for await (const frame of footage.open(datasetOf([source], question)).frames(asClip(source), question.rule.framesPerSecond)) {
      if (frame.timestamp >= at) return (await ports.thumbnails.thumbnail(frame)).jpeg;
    }
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    ports.progress.note(`no picture: ${thrown.problems[0]?.message ?? source.file}`);
  }
  return null;
}
