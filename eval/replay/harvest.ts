import { digestOf, type Digest } from '#kernel';

export type Why = 'random sample' | 'unsure' | 'disagrees with the candidate';

/** A clip that may be asked about. `label`: the class it is most about; null where there is none. */
export type Candidate = {
  file: string;
  pin: Digest;
  site: string;
  label: string | null;
  margin: number;
  disagreement: number | null;
};

export type Picked<T> = { clip: T; why: Exclude<Why, 'random sample'> };

/**
 * Sites whose footage teaches most come first, and have the first claim on what may be asked of a class; see `pickHard`.
 * @param order sites, the one that teaches most first; those that are not in it come last, together
 */
export function pickHardInOrder<T extends Candidate>(clips: readonly T[], order: readonly string[], caps: Caps): Picked<T>[] {
  const rank = ({ site }: T) => (order.includes(site) ? order.indexOf(site) : order.length);
  const groups = [...Map.groupBy(clips, rank)].toSorted(([a], [b]) => a - b);
  const classes = new Map<string, number>();
  return groups.flatMap(([, own]) => pickHard(own, caps, classes));
}

export type Caps = { perSite: number; perClass: number; unsureWithin: number; seed: number };

/**
 * The clips worth a person's time: those on which the two models differ most and those nearest to the threshold, in turn, with
 * no more than so many of a site and of a class. The same clips and seed always give the same choice.
 * @param clips without those of the random sample: what estimates recall is not picked for being hard
 * @param classes how many of each class are picked already
 */
function pickHard<T extends Candidate>(
  clips: readonly T[],
  { perSite, perClass, unsureWithin, seed }: Caps,
  classes = new Map<string, number>(),
): Picked<T>[] {
  const tie = new Map(clips.map((clip) => [clip, digestOf(`${seed}\n${clip.pin}`)]));
  const inTurn = (a: T, b: T) => ((tie.get(a) ?? '') < (tie.get(b) ?? '') ? -1 : 1);
  const differing = clips
    .filter(({ disagreement }) => (disagreement ?? 0) > 0)
    .toSorted((a, b) => (b.disagreement ?? 0) - (a.disagreement ?? 0) || inTurn(a, b));
  const unsure = clips.filter(({ margin }) => margin <= unsureWithin).toSorted((a, b) => a.margin - b.margin || inTurn(a, b));
  const [sites, taken] = [new Map<string, number>(), new Set<T>()];
  const picked: Picked<T>[] = [];
  for (let turn = 0; turn < Math.max(differing.length, unsure.length); turn += 1) {
    for (const [clip, why] of [
      [differing[turn], 'disagrees with the candidate'],
      [unsure[turn], 'unsure'],
    ] as const) {
      if (clip === undefined || taken.has(clip)) continue;
      const label = clip.label ?? '';
      if ((sites.get(clip.site) ?? 0) >= perSite || (classes.get(label) ?? 0) >= perClass) continue;
      taken.add(clip);
      sites.set(clip.site, (sites.get(clip.site) ?? 0) + 1);
      classes.set(label, (classes.get(label) ?? 0) + 1);
      picked.push({ clip, why });
    }
  }
  return picked;
}
