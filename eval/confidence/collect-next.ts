import type { Confidence, PlaceStanding } from './result.ts';

/** Sites by how much one more iteration there would teach; those that would teach nothing to speak of are left out. */
export function sitesToCollect({ places }: Pick<Confidence, 'places'>): readonly string[] {
  const most = Math.max(0, ...places.map(({ teaches }) => teaches));
  const worth = places.filter(({ teaches }) => teaches > most / 10).toSorted(byTeaching);
  return [...new Set(worth.map(({ site }) => site))];
}

function byTeaching(a: PlaceStanding, b: PlaceStanding): number {
  return b.teaches - a.teaches || (a.site < b.site ? -1 : 1);
}
