import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { placeOf } from './dataset-source.ts';
import { policyDigest } from './policy-digest.ts';

const text = (source: string) => `version: 1
models:
  tiny: { build: models/tiny, image: registry.example/acme/tiny, task: classification }
datasets:
  bench: { manifest: datasets/bench.yaml${source === '' ? '' : `, source: ${source}`} }
chipsets:
  here: { platform: linux/amd64 }
gates:
  tiny: [ { dataset: bench, metric: top1, margin: 5% } ]
`;
const sourceOf = (source: string) => readConfig(text(source)).datasets['bench']?.source;
const problemsOf = (source: string) => {
  try {
    readConfig(text(source));
  } catch (thrown) {
    return String(thrown);
  }
  return '';
};

describe('where a dataset lies', () => {
  it.each([
    ['', null],
    ['{ lfs: true }', { kind: 'commit' }],
    ['{ s3: { bucket: ours } }', { kind: 'bucket', bucket: 'ours', prefix: '', endpoint: null, region: null }],
    [
      '{ s3: { bucket: ours, prefix: a/b, endpoint: "https://s3.example", region: eu-central-1 } }',
      { kind: 'bucket', bucket: 'ours', prefix: 'a/b/', endpoint: 'https://s3.example', region: 'eu-central-1' },
    ],
    ['{ oci: "registry.example:5000/acme/bench" }', { kind: 'registry', image: 'registry.example:5000/acme/bench' }],
    ['{ http: "https://data.example/bench" }', { kind: 'http', url: 'https://data.example/bench/' }],
    [
      '{ dvc: { url: "https://data.example/store", file: data/bench.dvc } }',
      { kind: 'dvc', url: 'https://data.example/store/', file: 'data/bench.dvc' },
    ],
    [
      '{ hugging-face: { dataset: acme/bench, revision: refs/pr/1, folder: data } }',
      { kind: 'http', url: 'https://huggingface.co/datasets/acme/bench/resolve/refs%2Fpr%2F1/data/' },
    ],
  ])('%s', (source, expected) => expect(sourceOf(source)).toEqual(expected));

  it.each([
    ['a word that is no place', '{ ftp: "ftp://data.example" }'],
    ['two places', '{ lfs: true, http: "https://data.example/" }'],
    ['a password in an address', '{ http: "https://me:secret@data.example/" }'],
    ['another protocol', '{ http: "file:///etc/" }'],
    ['a signature in an address', '{ http: "https://data.example/?sig=1" }'],
    ['a tag of an artifact', '{ oci: "registry.example/acme/bench:v1" }'],
    ['a prefix that climbs', '{ s3: { bucket: ours, prefix: /etc } }'],
    ['a .dvc file outside the repository', '{ dvc: { url: "https://data.example/", file: ../x.dvc } }'],
  ])('%s is refused where it stands', (_, source) => {
    const said = problemsOf(source);
    expect(said).toMatch(/fieldproof\.yaml:5:\d+ \(datasets\.bench\.source/);
    expect(said).not.toContain('secret');
  });

  it('is named in messages before the path of a file', () => {
    const places = ['{ s3: { bucket: ours, prefix: a } }', '{ oci: registry.example/acme/bench }', '{ http: "http://h/x" }'];
    const named = places
      .map((source) => sourceOf(source) ?? null)
      .map((source) => source && source.kind !== 'commit' && placeOf(source));
    expect(named).toEqual(['s3://ours/a/', 'registry.example/acme/bench/', 'http://h/x/']);
  });

  it('judges nothing: a verdict holds when the data move', () => {
    const digests = ['', '{ lfs: true }', '{ http: "https://data.example/" }'].map((source) => {
      const config = readConfig(text(source));
      const [model] = config.models;
      return model === undefined ? '' : policyDigest(config, model);
    });
    expect(new Set(digests).size).toBe(1);
  });
});
