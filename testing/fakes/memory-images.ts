import { CouldNotRun, digestOf } from '#kernel';
import type { BuiltImage } from '#images';
import type { ModelRepository } from '../../git/model-repository.ts';
import type { ImagePorts } from '../../pipelines/releases/image-ports.ts';
import { imageNamed, runtimeImage } from '../worlds/named-releases.ts';

/** Images by the word in the model's folder; all of them are on this machine. */
export function memoryImages(words: readonly string[], { readFile }: Pick<ModelRepository, 'readFile'>): ImagePorts {
  const known = new Map<string, BuiltImage>([...words, 'old'].map((word) => [digestOf(word), imageNamed(word)]));
  const none = (what: string) => new CouldNotRun({ file: 'memory', message: `there is no ${what}`, remedy: 'name another' });
  return {
    build: async (source) => {
      const [, , commit = '', ...folder] = (await source.extract()).split('/');
      const word = await readFile(commit, [...folder, 'weights'].join('/'));
      if (word === undefined) throw none(`model at ${commit}`);
      return imageNamed(word);
    },
    clips: { build: async ({ clip }) => imageNamed(`clip ${clip}`, 100, 'clip') },
    store: { find: async (digest) => known.get(digest) },
    registry: {
      push: async () => {},
      pull: async (reference) => await Promise.reject(none(reference)),
      manifest: async (reference) => await Promise.reject(none(reference)),
    },
    runtime: {
      describe: async (platform) => (platform === 'linux/amd64' ? runtimeImage : null),
      build: async () => runtimeImage,
    },
    variants: async () => ['default'],
  };
}
