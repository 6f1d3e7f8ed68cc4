import { digestOf, hexOf, type Digest } from '#kernel';
import { iterationPath } from '#report';

/** Where each view lies, from the top of the site: the same for the server and in a folder of files. */

const PLAIN = /^[a-z0-9][a-z0-9._-]{0,79}$/;

/** A name as a part of a path. One that could mean anything to a file system or a URL is told by its digest. */
export function slugOf(name: string): string {
  return PLAIN.test(name) && !name.endsWith('.') ? name : `~${hexOf(digestOf(name)).slice(0, 16)}`;
}

export const OVERVIEW = 'index.html';
export const PLACES = 'places.html';
export const FIELD = 'field.html';
export const CALIBRATION = 'calibration.html';
export const CHIPSETS = 'chipsets.html';
export const CLOCK = 'clock.html';
export const ALARMS = 'alarms.html';

/** @param page counted from the first iterations on, so that a link keeps showing what it showed */
export function iterationsPath(page: number, model: string | null = null): string {
  return model === null ? `iterations/${page}.html` : `iterations/${slugOf(model)}/${page}.html`;
}

export { iterationPath };

export function exhibitPath(verdict: Digest, number: number): string {
  return iterationPath(verdict).replace(/\.html$/, `/${number}.html`);
}

export function sitePath(site: string): string {
  return `site/${slugOf(site)}.html`;
}

/** From one page to another, however deep the first lies. */
export function from(page: string, to: string): string {
  return `${'../'.repeat(page.split('/').length - 1)}${to}`;
}
