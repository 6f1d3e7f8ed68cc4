import { digestOf, releaseOf } from '#kernel';
import type { BuiltImage } from '#images';
import type { ResolvedRelease } from '../../pipelines/releases/resolve-release.ts';

/** Releases that have a name, a digest and a size, and no bytes. */

/** One layer of that many bytes, and a configuration of ten. */
export function imageNamed(word: string, bytes = 1000, kind: BuiltImage['kind'] = 'model'): BuiltImage {
  const blob = (of: string, size: number) => ({ digest: digestOf(of), size, mediaType: 'application/octet-stream' });
  return {
    kind,
    digest: digestOf(word),
    platform: 'linux/amd64',
    config: blob(`config of ${word}`, 10),
    layers: [blob(`layer of ${word}`, bytes)],
    layout: `/layouts/${word}`,
    folder: `/folders/${word}`,
  };
}

export const runtimeImage = imageNamed('runtime', 5000, 'runtime');

export const releaseNamed = (word: string, runtime: string | null = 'runtime') =>
  releaseOf({ model: digestOf(word), runtime: runtime === null ? null : digestOf(runtime) });

export function resolvedNamed(word: string, more: Partial<ResolvedRelease> = {}): ResolvedRelease {
  const image = imageNamed(word);
  const release = releaseNamed(word);
  const load = () => Promise.reject(new Error('nobody runs it as an image'));
  const servable = { kind: 'model', release, folder: `/folders/${word}`, runtimeImage: { from: 'installation', load } } as const;
  return {
    release,
    image,
    runtimes: new Map([['linux/amd64', runtimeImage]]),
    variants: ['default'],
    commit: null,
    servable,
    ...more,
  };
}
