import { CouldNotRun, reasonOf, type Digest } from '#kernel';
import { clipsIn, readCircumstances, type Footage, type FootageFile } from '#datasets';
import type { Entry } from '#ledger';
import type { ReplayConfig } from '#config';
import { factsAbout, type ArrivalFact, type ArrivedClip, appendFacts } from '#history';
import type { ReplayPorts } from './ports.ts';

/** What a look at the footage found besides new clips: said, and in the ledger where it is about bytes. */
export type Arrivals = { arrived: number; replaced: readonly string[]; waiting: readonly { file: string; why: string }[] };

/**
 * Pins every clip that has not been seen before, by name, and writes the arrival down before any of it is looked at. A name that
 * now has other bytes is noticed, and stays what it was when it arrived.
 */
export async function takeArrivals(config: ReplayConfig, footage: Footage, ports: ReplayPorts): Promise<Arrivals> {
  const entries = await ports.ledger.entries();
  const known = knownClips(entries, config.model);
  const found = clipsIn(await footage.list());
  const fresh = found.filter(({ clip }) => !known.has(clip.name));
  ports.progress.step(`${config.model}: pin what arrived`, fresh.length);
  const clips: ArrivedClip[] = [];
  const waiting: { file: string; why: string }[] = [];
  for (const { clip, sidecar } of fresh) {
    const taken = await takeClip(clip, sidecar, config, footage);
    if ('why' in taken) waiting.push({ file: clip.name, why: taken.why });
    else clips.push(taken);
    ports.progress.advance();
  }
  const replaced = await findReplaced(
    found.map(({ clip }) => clip),
    known,
    { config, footage, ports },
  );
  if (clips.length > 0) {
    const { model } = config;
    const fact: ArrivalFact = { kind: 'arrival', model, place: footage.place, clips, at: ports.clock.now().toISOString() };
    await appendFacts(ports.ledger, [fact]);
  }
  return { arrived: clips.length, replaced, waiting };
}

function knownClips(entries: readonly Entry[], model: string): Map<string, ArrivedClip> {
  return new Map(
    factsAbout(entries, model, 'arrival').flatMap(({ fact }) => fact.clips.map((clip) => [clip.file, clip] as const)),
  );
}

/** A clip whose circumstances are not known waits, unpinned, until somebody has said them. */
async function takeClip(
  clip: FootageFile,
  sidecar: FootageFile | null,
  { sites }: ReplayConfig,
  footage: Footage,
): Promise<ArrivedClip | { why: string }> {
  try {
    const circumstances = readCircumstances(clip, sidecar === null ? null : await footage.readText(sidecar));
    if ('fault' in circumstances) return { why: circumstances.fault };
    if (!sites.some(({ name }) => name === circumstances.site)) {
      return { why: `its site ${circumstances.site} is not under replays: add it, or correct the .json beside the clip` };
    }
    const { pin, bytes } = await footage.pin(clip);
    return { file: clip.name, pin, bytes, modifiedAt: clip.modifiedAt, ...circumstances };
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return { why: thrown.problems[0]?.message ?? reasonOf(thrown) };
    throw thrown;
  }
}

/** Only files that look different are hashed again. */
async function findReplaced(
  files: readonly FootageFile[],
  known: ReadonlyMap<string, ArrivedClip>,
  { config, footage, ports }: { config: ReplayConfig; footage: Footage; ports: ReplayPorts },
): Promise<string[]> {
  const replaced: { file: string; was: Digest; now: Digest }[] = [];
  for (const file of files) {
    const before = known.get(file.name);
    if (before === undefined || (before.bytes === file.bytes && before.modifiedAt === file.modifiedAt)) continue;
    const { pin } = await footage.pin(file);
    if (pin !== before.pin) replaced.push({ file: file.name, was: before.pin, now: pin });
  }
  const { model } = config;
  await appendFacts(
    ports.ledger,
    replaced.map((change) => ({ kind: 'replaced', model, ...change }) as const),
  );
  return replaced.map(({ file }) => file);
}
