import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LayerEntry } from '../../layer.ts';
import { takeExport } from './engine-export.ts';
import type { ImageDraft } from '../store/file-image-store.ts';
import { temporaryFolder, writeFiles } from '../images.fixture.ts';
import { tarOf } from '../store/layer-writer.ts';

const sha256 = (bytes: string | Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

type Archive = {
  layers: Readonly<Record<string, string | Uint8Array>>;
  diffIds?: string[];
  order?: string[];
  links?: LayerEntry[];
};

/** Takes an archive as `docker save` writes one, made by hand, and gives what was found in it. */
async function take({ layers, diffIds, order = Object.keys(layers), links = [] }: Archive, most = 1e6) {
  const root = await temporaryFolder();
  const config = JSON.stringify({
    os: 'linux',
    architecture: 'amd64',
    rootfs: { diff_ids: diffIds ?? Object.values(layers).map(sha256) },
  });
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: order }]);
  const source = await writeFiles(join(root, 'source'), { ...layers, 'config.json': config, 'manifest.json': manifest });
  const names = [...Object.keys(layers), 'config.json', 'manifest.json'];
  const files = await Promise.all(
    names.map(async (path): Promise<LayerEntry> => {
      return { kind: 'file', path, source: join(source, path), size: (await readFile(join(source, path))).length };
    }),
  );
  const scratch = join(root, 'scratch');
  await mkdir(scratch);
  const kept: string[] = [];
  const draft: ImageDraft = {
    scratch,
    addLayer: async (write) => {
      const blob = await write(join(root, 'layer'));
      kept.push(sha256(await readFile(join(root, 'layer'))));
      await rename(join(root, 'layer'), join(root, `layer-${kept.length}`));
      return blob;
    },
    reuseLayer: async () => {},
  };
  return { ...(await takeExport(tarOf([...links, ...files]), draft, most)), kept, config };
}

describe('takeExport', () => {
  it('takes config and layers byte for byte, in the order of the manifest', async () => {
    const taken = await take({ layers: { 'b/layer.tar': 'second', 'a/layer.tar': 'first' } });
    expect(taken.layers.map(({ digest }) => digest)).toEqual([sha256('second'), sha256('first')]);
    expect(taken.kept).toEqual([sha256('second'), sha256('first')]);
    expect(JSON.parse(taken.config)).toMatchObject({ architecture: 'amd64' });
  });

  it('follows the link by which older engines repeat a layer', async () => {
    const links: LayerEntry[] = [{ kind: 'link', path: 'b/layer.tar', target: '../a/layer.tar' }];
    const archive = { layers: { 'a/layer.tar': 'same' }, order: ['a/layer.tar', 'b/layer.tar'], links };
    const taken = await take({ ...archive, diffIds: [sha256('same'), sha256('same')] });
    expect(taken.layers.map(({ digest }) => digest)).toEqual([sha256('same'), sha256('same')]);
  });

  it.each([
    ['gzip', gzipSync('plain')],
    ['zstd', zstdCompressSync('plain')],
  ])('checks a layer that the engine hands on as %s, and keeps it so', async (name, bytes) => {
    const { layers } = await take({ layers: { 'a/layer.tar': bytes }, diffIds: [sha256('plain')] });
    expect(layers).toEqual([
      { digest: sha256(bytes), size: bytes.length, mediaType: `application/vnd.oci.image.layer.v1.tar+${name}` },
    ]);
  });

  it('refuses a layer that is not the one of the config', async () => {
    const taken = take({ layers: { 'a/layer.tar': 'changed' }, diffIds: [sha256('right')] });
    await expect(taken).rejects.toThrow(`a layer is ${sha256('changed')} and should be ${sha256('right')}`);
  });

  it('refuses an export without the layer that it names, and one that is too large', async () => {
    await expect(take({ layers: { a: 'x' }, order: ['nope'] })).rejects.toThrow('it has no nope');
    await expect(take({ layers: { a: 'x'.repeat(2000) } }, 1000)).rejects.toThrow('larger than 1000 B');
  });
});
