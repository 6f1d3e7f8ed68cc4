import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { forAll, jsonWords, readOrRefused, strangeTexts } from '../testing/fuzz.ts';
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

describe('the documents of an image that came from elsewhere', () => {
  it('name blobs by digests and nothing else, or are refused', () => {
    let read = 0;
    forAll(documents, (text) => {
      const manifest = readOrRefused(() => parseManifest(text, 'a'));
      const digests = [
        ...(manifest === undefined ? [] : [manifest.config, ...manifest.layers].map((one) => one.digest)),
        ...(readOrRefused(() => childrenOf(text)) ?? []),
        ...(readOrRefused(() => parseIndex(text, 'a'))?.images ?? []),
        ...(readOrRefused(() => parseConfig(text, 'a'))?.diffIds ?? []),
      ];
      for (const one of digests) expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect([digest, ...digests]).toContain(
        readOrRefused(() => imageFor('linux/amd64', { digest, text, where: 'a' })) ?? digest,
      );
      readOrRefused(() => readArchiveIndex(text));
      read += digests.length > 0 ? 1 : 0;
    });
    expect(read).toBeGreaterThan(0);
  });
});
