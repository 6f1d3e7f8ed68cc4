import { setImmediate as turn } from 'node:timers/promises';
import { CouldNotRun, type Digest, type Problem } from '#kernel';
import { assembleDetection, assembleSearch, assembleVerification } from '../assemble-pictures.ts';
import { assembleReplay, assembleResearch } from '../assemble.ts';
import { checkLength } from '../check-clips.ts';
import { checkPins } from '../check-files.ts';
import type { Dataset } from '../dataset.ts';
import { clipId, type DeclaredClip } from '../declared.ts';
import type { Pins } from '../pins.ts';
import type { ManifestRef, OpenDataset, SampleSource } from '../sample-source.ts';
import { gatherDataset, kindsOf, pathsOf, type Content, type Gathered } from './gather-dataset.ts';
import { loadPins } from './load-pins.ts';
import { openManifest, type OpenManifest } from './manifest-texts.ts';
import { FileDataset } from './file-dataset.ts';
import { PinnedFiles, type PinnedFile } from './pinned-files.ts';
import { measuredSeconds, promisedSeconds } from './video-container.ts';

/** Datasets whose manifests are in a repository and whose bytes are on a disk, by path or, where they were fetched, by digest. */
export class FileSampleSource implements SampleSource {
  readonly #files = new PinnedFiles();
  readonly #cache: string | null;

  /** @param cache the folder that `fieldproof fetch` fills; null where no dataset has a source */
  constructor(cache: string | null = null) {
    this.#cache = cache;
  }

  /**
   * Checks all that can be known without reading the data itself: that every file is there, safe to open and pinned, and
   * that events lie inside their clips. Bytes are compared with their pins when they are read.
   * @throws CouldNotRun with every problem at once
   */
  async load(ref: ManifestRef): Promise<OpenDataset> {
    const open = await openManifest(ref, this.#cache);
    const pins = await loadPins(open);
    const locate = (path: string, pin: Digest): PinnedFile => ({
      path: open.folder.locate(path),
      pin,
      display: open.display(path),
      pinsFile: open.pinsFile,
      manifest: ref.path,
      telling: isOfHead(ref) ? 'nothing' : 'what was found',
    });
    const gathered = await gatherDataset(open, {
      pinned: (path) => pins.has(path),
      read: (path) => this.#files.read(locate(path, pinned(open, pins, path))),
    });
    const kinds = await kindsOf(open.folder, [...pathsOf(gathered.used), ...pins.keys()]);
    const pinProblems = checkPins(gathered.used, pins, kinds, { pins: open.pinsFile, manifest: ref.path });
    stopOn([...gathered.problems, ...pinProblems]);
    await this.#checkLengths(gathered.content, (id) => locate(id, pinned(open, pins, id)));
    return new FileDataset(assemble(open, gathered, pins), this.#files, locate);
  }

  /** Events must lie inside the footage. Headers are believed, and looked into only where they make no sense. */
  async #checkLengths(content: Content, locate: (id: string) => PinnedFile): Promise<void> {
    if (content.task !== 'events') return;
    const problems: Problem[] = [];
    for (const [index, clip] of content.clips.entries()) {
      const id = clipId(clip.media);
      if (clip.media.kind === 'video') problems.push(...(await this.#checkVideo(clip, locate(id))));
      else problems.push(...checkLength(clip, (content.frames.get(id)?.length ?? 0) / clip.media.framesPerSecond));
      if (index % 32 === 31) await turn();
    }
    stopOn(problems);
  }

  /** A clip that does not open, or is too short, is most often not the pinned one: that is the better message. */
  async #checkVideo(clip: DeclaredClip, file: PinnedFile): Promise<readonly Problem[]> {
    try {
      if (checkLength(clip, promisedSeconds(file.path, file.display)).length === 0) return [];
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
    }
    try {
      await this.#files.verify(file);
      return checkLength(clip, measuredSeconds(file.path, file.display));
    } catch (thrown) {
      if (thrown instanceof CouldNotRun) return thrown.problems;
      throw thrown;
    }
  }
}

function isOfHead({ data }: ManifestRef): boolean {
  return data.kind === 'commit' && data.by === 'head';
}

function pinned(open: OpenManifest, pins: Pins, path: string): Digest {
  const pin = pins.get(path);
  if (pin !== undefined) return pin.digest;
  const remedy = `review it, then run: fieldproof pin ${open.ref.path}`;
  throw new CouldNotRun({ file: open.display(path), message: `has no pin in ${open.pinsFile}`, remedy });
}

function assemble({ ref: { name } }: OpenManifest, { content }: Gathered, pins: Pins): Dataset {
  if (content.task === 'classification') return assembleResearch(name, content.classes, content.samples, pins);
  if (content.task === 'detection') return assembleDetection(name, content.classes, content.pictures, pins);
  if (content.task === 'verification') return assembleVerification(name, content.pictures, content.pairs, pins);
  if (content.task === 'search') return assembleSearch(name, content.pictures, pins);
  return assembleReplay(name, content.manifest, { ...content, pins });
}

function stopOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new CouldNotRun(problems);
}
