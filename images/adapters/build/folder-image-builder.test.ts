import { silentProgress } from '#kernel';
import { describe, expect, it } from 'vitest';
import type { ImageBuilder } from '../../image-builder.ts';
import { folderImageBuilder } from './folder-image-builder.ts';
import { requestFor, temporaryFolder, writeFiles } from '../images.fixture.ts';

/** Says who was asked. */
function builderNamed(name: string): ImageBuilder {
  return { build: () => Promise.reject(new Error(`${name} was asked`)) };
}

const builder = folderImageBuilder({ container: builderNamed('container'), model: builderNamed('model') });

describe('folderImageBuilder', () => {
  it.each([
    [{ Dockerfile: 'FROM a' }, 'container was asked'],
    [{ 'model.yaml': 'weights: a' }, 'model was asked'],
    [{ Dockerfile: 'FROM a', 'model.yaml': 'weights: a' }, 'container was asked'],
    [{ 'readme.md': '' }, 'models/tiny: holds neither a Dockerfile nor a model.yaml'],
  ])('with %j: %s', async (files, expected) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, files);
    await expect(builder.build(requestFor(folder), silentProgress)).rejects.toThrow(expected);
  });
});
