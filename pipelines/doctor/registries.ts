import type { Config } from '#config';

/** The hosts that models are pushed to: `registry.example/acme/porch` -> `registry.example`. A name without a host is Docker's hub. */
export function registriesOf(models: Config['models']): string[] {
  return [...new Set(models.map(({ image }) => hostOf(image)))];
}

function hostOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}
