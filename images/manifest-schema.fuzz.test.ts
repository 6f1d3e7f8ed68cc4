import { describe, expect, it } from 'vitest';
import { CouldNotRun, digestOf } from '#kernel';
import { forAll, jsonWords, strangeTexts } from '../testing/fuzz.ts';
import { readArchiveIndex } from './docker-archive.ts';
import { INDEX_TYPE, MANIFEST_TYPE } from './manifest.ts';
import { childrenOf, imageFor, parseConfig, parseIndex, parseManifest } from './manifest-schema.ts';

const digest = digestOf('a');
const blob = { mediaType: 'a/b', digest, size: 1 };
const documents = strangeTexts(
  [...jsonWords, '"digest"', '"size"', '"manifests"', '"layers"', 'sha256:', '../', '"unknown"', MANIFEST_TYPE, INDEX_TYPE],
  JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config: blob, layers: [blob] }),
  JSON.stringify({ mediaType: INDEX_TYPE, manifests: [{ digest, platform: { os: 'linux', architecture: 'amd64' } }] }),
  JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [digest] } }),
  JSON.stringify([{ Config: 'a.json', Layers: ['b/layer.tar'] }]),
);

/** What it reads, or nothing where it is refused in words; anything else that is thrown is a fault. */
const ends = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return undefined;
  }
};

describe('the documents of an image that came from elsewhere', () => {
  it('name blobs by digests and nothing else, or are refused', () => {
    let read = 0;
    forAll(documents, (text) => {
      const manifest = ends(() => parseManifest(text, 'a'));
      const digests = [
        ...(manifest === undefined ? [] : [manifest.config, ...manifest.layers].map((one) => one.digest)),
        ...(ends(() => childrenOf(text)) ?? []),
        ...(ends(() => parseIndex(text, 'a'))?.images ?? []),
        ...(ends(() => parseConfig(text, 'a'))?.diffIds ?? []),
      ];
      for (const one of digests) expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect([digest, ...digests]).toContain(ends(() => imageFor('linux/amd64', { digest, text, where: 'a' })) ?? digest);
      ends(() => readArchiveIndex(text));
      read += digests.length > 0 ? 1 : 0;
    });
    expect(read).toBeGreaterThan(0);
  });
});
