import { chmod, copyFile, link, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CouldNotRun, digestOf, hexOf, isDigest, type Digest } from '#kernel';
import type { Blob, BuiltImage } from '../../image.ts';
import type { ImageStore } from '../../image-store.ts';
import { blobPath, describeIndex, kindOf, type ImageDescription } from '../../manifest.ts';
import { parseConfig, parseIndex, parseManifest } from '../../manifest-schema.ts';
import { unpackLayers } from './layer-reader.ts';

const DRAFT = '.draft-';
const A_DAY = 24 * 60 * 60 * 1000;

type Described = Pick<ImageDescription, 'kind' | 'digest' | 'layers' | 'files'>;

/** An image that is being written: nothing of it can be found before it is whole. */
export type ImageDraft = {
  /** A folder on the store's own disk for whatever is needed on the way; it goes with the draft. */
  scratch: string;
  /** Has a layer written to the path that it gives, and files it under the digest that comes back. */
  addLayer(write: (path: string) => Promise<Blob>): Promise<Blob>;
  /** Takes over a layer that an image of the store has. @throws CouldNotRun when none has it any more */
  reuseLayer(layer: Blob): Promise<void>;
};

/**
 * Images in folders named by digest: `<root>/<hex>/layout` is the OCI layout, `<root>/<hex>/content` what a model
 * or clip image holds. Each appears by one rename, so that processes may share a store and a killed one leaves no half image.
 */
export class FileImageStore implements ImageStore {
  /** The folder that holds the images, and what others want to remember about them. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async find(digest: string): Promise<BuiltImage | undefined> {
    if (!isDigest(digest)) return undefined;
    try {
      return await this.#read(digest, join(this.root, hexOf(digest)));
    } catch (error) {
      // Missing or damaged: either way it has to be made again.
      if (error instanceof CouldNotRun || (error instanceof Error && 'code' in error)) return undefined;
      throw error;
    }
  }

  /** Every image of one platform that is here, in the order of their digests. */
  async *list(): AsyncGenerator<BuiltImage> {
    const names = await readdir(this.root).catch(() => []);
    for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
      const image = await this.find(`sha256:${name}`);
      if (image !== undefined && image.index === undefined) yield image;
    }
  }

  /** Whether an image that is here has the layer. */
  async holdsLayer(layer: Blob): Promise<boolean> {
    return (await this.#findLayer(layer)) !== undefined;
  }

  async #findLayer({ digest, size }: Blob): Promise<string | undefined> {
    for (const name of await readdir(this.root).catch(() => [])) {
      const path = join(this.root, name, 'layout', blobPath(digest));
      const found = name.startsWith(DRAFT) ? undefined : await stat(path).catch(() => undefined);
      if (found?.size === size) return path;
    }
    return undefined;
  }

  async #reuseLayer(layer: Blob, folder: string): Promise<void> {
    const path = await this.#findLayer(layer);
    if (path === undefined) throw damaged(this.root, layer.digest);
    const target = join(folder, 'layout', blobPath(layer.digest));
    // Not every file system has links.
    await link(path, target).catch(async () => await copyFile(path, target));
  }

  /**
   * Takes in one more image: `fill` adds the layers and says what they make.
   * @throws CouldNotRun when the disk is full or can't be written; whatever is thrown, nothing is left behind
   */
  async add(fill: (draft: ImageDraft) => Promise<Described>): Promise<BuiltImage> {
    const folder = await this.#startDraft();
    try {
      const description = await fill({
        ...(await openDraft(folder)),
        reuseLayer: async (layer) => await this.#reuseLayer(layer, folder),
      });
      await finishDraft(folder, description);
      return await this.#publish(folder, description.digest);
    } catch (error) {
      throw asDiskProblem(error, this.root);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Takes in an index of images that are here.
   * @throws CouldNotRun where it is none, or one of its images is not here, and for a disk as `add` does
   */
  async addIndex(text: string): Promise<BuiltImage> {
    const index = parseIndex(text, 'an image index');
    const description = describeIndex(text, index?.mediaType);
    if (index === undefined) throw damaged(this.root, description.digest);
    await this.#imagesOf(index.images, this.root);
    return await this.add(async () => ({ ...description, kind: 'container', layers: [] }));
  }

  async #read(digest: Digest, home: string): Promise<BuiltImage> {
    const layout = join(home, 'layout');
    const text = await readFile(join(layout, blobPath(digest)), 'utf8');
    if (digestOf(text) !== digest) throw damaged(layout, digest);
    const index = parseIndex(text, layout);
    if (index === undefined) return await readImage(digest, text, home);
    const [first, ...others] = await this.#imagesOf(index.images, layout);
    if (first === undefined) throw damaged(layout, digest);
    return { ...first, digest, platform: null, layout, index: { images: [first, ...others] } };
  }

  async #imagesOf(digests: readonly Digest[], layout: string): Promise<BuiltImage[]> {
    const found: BuiltImage[] = [];
    for (const digest of digests) {
      const image = await this.find(digest);
      if (image === undefined || image.index !== undefined) throw damaged(layout, digest);
      found.push(image);
    }
    return found;
  }

  async #startDraft(): Promise<string> {
    try {
      await mkdir(this.root, { recursive: true });
      await this.#sweep();
      return await mkdtemp(join(this.root, DRAFT));
    } catch (error) {
      throw asDiskProblem(error, this.root);
    }
  }

  async #publish(draft: string, digest: Digest): Promise<BuiltImage> {
    const home = join(this.root, hexOf(digest));
    const there = await this.find(digest);
    if (there !== undefined) return there;
    try {
      await chmod(draft, 0o755);
      await rename(draft, home);
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
      const other = await this.find(digest);
      if (other !== undefined) return other;
      await rm(home, { recursive: true, force: true });
      await rename(draft, home);
    }
    return await this.#read(digest, home);
  }

  /** Drafts of processes that were killed. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.root)) {
      if (!name.startsWith(DRAFT)) continue;
      const path = join(this.root, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > A_DAY) await rm(path, { recursive: true, force: true });
    }
  }
}

async function openDraft(folder: string): Promise<Omit<ImageDraft, 'reuseLayer'>> {
  const scratch = join(folder, 'scratch');
  await mkdir(join(folder, 'layout', 'blobs', 'sha256'), { recursive: true });
  await mkdir(scratch);
  let count = 0;
  return {
    scratch,
    addLayer: async (write) => {
      count += 1;
      const path = join(scratch, `layer-${count}`);
      const blob = await write(path);
      await rename(path, join(folder, 'layout', blobPath(blob.digest)));
      return blob;
    },
  };
}

async function finishDraft(folder: string, { kind, layers, files }: Described): Promise<void> {
  const layout = join(folder, 'layout');
  for (const { path, text } of files) await writeFile(join(layout, path), text, { flush: true });
  const tars = layers.map((layer) => join(layout, blobPath(layer.digest)));
  if (isMounted(kind)) await unpackLayers(tars, join(folder, 'content'));
  await rm(join(folder, 'scratch'), { recursive: true, force: true });
}

async function readImage(digest: Digest, manifest: string, home: string): Promise<BuiltImage> {
  const layout = join(home, 'layout');
  const { config, layers, annotations } = parseManifest(manifest, layout);
  for (const blob of [config, ...layers]) {
    const found = await stat(join(layout, blobPath(blob.digest)));
    if (found.size !== blob.size) throw damaged(layout, blob.digest);
  }
  const { platform } = parseConfig(await readFile(join(layout, blobPath(config.digest)), 'utf8'), layout);
  const kind = kindOf(annotations);
  return { kind, digest, platform, config, layers, layout, folder: isMounted(kind) ? join(home, 'content') : null };
}

/** Images that are mounted as a folder, and not run. */
function isMounted(kind: BuiltImage['kind']): boolean {
  return kind === 'model' || kind === 'clip';
}

function damaged(layout: string, digest: Digest): CouldNotRun {
  return new CouldNotRun({ file: layout, message: `${digest} is damaged`, remedy: `remove ${dirname(layout)} and build again` });
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function asDiskProblem(error: unknown, root: string): unknown {
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) {
    const remedy = 'free some space there, or name another folder for images; nothing half written was left';
    return new CouldNotRun({ file: root, message: 'the disk is full', remedy }, { cause: error });
  }
  const path = error instanceof Error && 'path' in error ? String(error.path) : '';
  if (path.startsWith(root) && hasCode(error, 'EACCES', 'EROFS', 'EPERM', 'ENOTDIR')) {
    const remedy = 'give this user the right to write there, or name another folder for images';
    return new CouldNotRun({ file: root, message: 'images can not be written here', remedy }, { cause: error });
  }
  return error;
}
