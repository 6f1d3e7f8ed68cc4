import type { Config } from '#config';

/** The hosts that models are pushed to: `registry.example/acme/porch` -> `registry.example`. A name without a host is Docker's hub. */
export function registriesOf(models: Config['models']): string[] {
  return [...new Set(models.map(({ image }) => hostOf(image)))];
}

/** The hosts that private base images and artifacts are fetched from. `isPrivate`: policy says that nobody reads them without a login. */
export function fetchedFrom({ baseImages, datasets }: Pick<Config, 'baseImages' | 'datasets'>): Fetched[] {
  const artifacts = Object.values(datasets).flatMap(({ source }) => (source?.kind === 'registry' ? [source.image] : []));
  return [
    ...baseImages.map((image) => ({ image, host: hostOf(image), isPrivate: true })),
    ...artifacts.map((image) => ({ image, host: hostOf(image), isPrivate: false })),
  ];
}

export type Fetched = { image: string; host: string; isPrivate: boolean };

function hostOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}
