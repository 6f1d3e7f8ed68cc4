import { CouldNotRun, type Digest, type Problem } from '#kernel';
import { assembleDetection, assembleSearch, assembleVerification } from '../assemble-pictures.ts';
import { assembleReplay, assembleResearch } from '../assemble.ts';
import { checkPins } from '../check-files.ts';
import type { Dataset } from '../dataset.ts';
import type { Pins } from '../pins.ts';
import { mayLeaveOut, withoutItems, type BadItem } from '../leave-out.ts';
import type { ManifestRef, OpenDataset, SampleSource } from '../sample-source.ts';
import { checkLengths } from './check-lengths.ts';
import { gatherDataset, pathsOf } from './gather-dataset.ts';
import type { Gathered } from './gathered.ts';
import { loadPins } from './load-pins.ts';
import { openManifest, type OpenManifest } from './manifest-texts.ts';
import { FileDataset } from './file-dataset.ts';
import { findBad } from './find-bad.ts';
import { PinnedFiles, type PinnedFile } from './pinned-files.ts';

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
    const kinds = await open.folder.kindsOf([...pathsOf(gathered.used), ...pins.keys()]);
    const pinProblems = checkPins(gathered.used, pins, kinds, { pins: open.pinsFile, manifest: ref.path });
    stopOn([...gathered.problems, ...pinProblems]);
    const whole = assemble(open, gathered, pins);
    const leftOut = await this.#findLeftOut(whole, locate, ref);
    const dataset = withoutItems(whole, leftOut);
    if (gathered.content.task === 'events' && dataset.medium === 'clips')
      stopOn(await checkLengths(gathered.content.clips, dataset, this.#files, locate));
    return new FileDataset(dataset, this.#files, locate, leftOut);
  }

  /** @throws CouldNotRun naming each that is bad, when there are more than policy lets be left out */
  async #findLeftOut(
    dataset: Dataset,
    locate: (path: string, pin: Digest) => PinnedFile,
    { path, leaveOut }: ManifestRef,
  ): Promise<readonly BadItem[]> {
    if (leaveOut === undefined) return [];
    const bad = await findBad(dataset, { pinned: this.#files, locate });
    if (mayLeaveOut(dataset, bad, leaveOut)) return bad;
    const remedy = `restore it, take it out and run \`fieldproof pin ${path}\`, or let \`bad-samples\` leave out more than ${leaveOut * 100}%`;
    throw new CouldNotRun(bad.map(({ id, reason }) => ({ file: path, message: `${id}: ${reason}`, remedy })));
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
  if (content.task === 'search') return assembleSearch(name, content, pins);
  return assembleReplay(name, content.manifest, { ...content, pins });
}

function stopOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new CouldNotRun(problems);
}
