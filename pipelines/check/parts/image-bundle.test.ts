import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import { deployedStateFileSchema, imageBundleSchema, parseExchanged, type ImageBundle } from './image-bundle.ts';

const state = {
  model: 'porch',
  commit: 'c'.repeat(40),
  deployed: [{ site: 'lobby', chipset: 'edge', release: releaseNamed('old') }],
  superior: null,
};
const bundle: ImageBundle = {
  version: 2,
  base: 'b'.repeat(40),
  head: 'c'.repeat(40),
  runtimes: { 'linux/amd64': digestOf('runtime') },
  built: [{ model: 'porch', tree: 'd'.repeat(40), digest: digestOf('new') }],
  images: [digestOf('new'), digestOf('runtime')],
  deployed: [state],
};
const read = (value: unknown) => parseExchanged(imageBundleSchema, JSON.stringify(value), 'images.json');

describe('what goes from machine to machine', () => {
  it('is read as it was written', () => {
    expect(read(bundle)).toEqual(bundle);
    expect(
      parseExchanged(deployedStateFileSchema, JSON.stringify({ version: 2, deployed: [state] }), 'deployed.json').deployed,
    ).toEqual([state]);
  });

  it.each<[string, unknown, RegExp]>([
    ['another version', { ...bundle, version: 1 }, /version/],
    ['a field too many', { ...bundle, script: 'rm' }, /script/],
    ['a field too few', { ...bundle, images: undefined }, /images/],
    ['a digest that is none', { ...bundle, images: ['latest'] }, /images\[?\.?0/],
    ['a release without stages', { ...bundle, deployed: [{ ...state, superior: { stages: {} } }] }, /superior/],
    ['a name of no end', { ...bundle, head: 'c'.repeat(65) }, /head/],
    ['more than anybody sends', { ...bundle, images: Array.from({ length: 10_001 }, () => digestOf('x')) }, /images/],
  ])('is not read with %s; the field is named, and what to do', (_, value, field) => {
    expect(() => read(value)).toThrow(field);
    expect(() => read(value)).toThrow(/images\.json[^]*write it again with the version of Fieldproof that reads it/);
  });
});
