import { hexOf, type Digest } from '#kernel';

/** Where the dashboard's page of an iteration lies, from the top of its site: known here, for a verdict's comment leads there. */
export function iterationPath(verdict: Digest): string {
  return `iteration/${hexOf(verdict).slice(0, 24)}.html`;
}
