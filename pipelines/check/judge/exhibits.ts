import type { ClipTrial, SampleTrial } from '#tasks';

/** What is worth a picture, before anything is decoded. Regressions first, the clearest first. */
export type ExhibitPlan = {
  kind: 'missed-event' | 'false-alarm' | 'misclassified' | 'gained';
  sample: string;
  /** Seconds into the clip; null for a picture. */
  at: number | null;
  caption: string;
  slices: Readonly<Record<string, string>>;
  /** Higher is clearer. */
  weight: number;
};

const REGRESSIONS = 8;
const GAINS = 4;

/** Pairs the trials of two releases by sample and picks what the change lost and won. */
export function planClipExhibits(candidate: readonly ClipTrial[], reference: readonly ClipTrial[]): ExhibitPlan[] {
  const before = new Map(reference.map((trial) => [trial.clip, trial]));
  return pick(candidate.flatMap((after) => clipDifferences(after, before.get(after.clip))));
}

export function planSampleExhibits(
  candidate: readonly SampleTrial[],
  reference: readonly SampleTrial[],
  classes: readonly string[],
  slicesOf: (sample: string) => Readonly<Record<string, string>>,
): ExhibitPlan[] {
  const before = new Map(reference.map((trial) => [trial.sample, trial]));
  return pick(
    candidate.flatMap((after): ExhibitPlan[] => {
      const earlier = before.get(after.sample);
      if (earlier === undefined) return [];
      const [was, is] = [earlier.ranked[0] === earlier.truth, after.ranked[0] === after.truth];
      if (was === is) return [];
      const truth = classes[after.truth] ?? String(after.truth);
      const taken = classes[(is ? earlier : after).ranked[0] ?? -1] ?? 'nothing';
      const caption = is ? `${truth}: right now, was taken for ${taken}` : `${truth}: was right, now taken for ${taken}`;
      const weight = Math.abs(after.score.best - after.score.truth) + Math.abs(earlier.score.best - earlier.score.truth);
      return [
        {
          kind: is ? 'gained' : 'misclassified',
          sample: after.sample,
          at: null,
          caption,
          slices: slicesOf(after.sample),
          weight,
        },
      ];
    }),
  );
}

function clipDifferences(after: ClipTrial, before: ClipTrial | undefined): ExhibitPlan[] {
  if (before === undefined) return [];
  const place = { sample: after.clip, slices: { site: after.site, ...after.conditions } };
  const seen = (trial: ClipTrial, truth: number) => trial.matches.some((match) => match.truth === truth);
  const events = after.truth.flatMap((event, index): ExhibitPlan[] => {
    const [was, is] = [seen(before, index), seen(after, index)];
    if (was === is) return [];
    const at = (event.start + event.end) / 2;
    const caption = is ? `${event.label} found now, missed before` : `${event.label} missed, found before`;
    return [{ kind: is ? 'gained' : 'missed-event', ...place, at, caption, weight: event.end - event.start }];
  });
  const falseAlarms = (trial: ClipTrial) =>
    trial.detections.filter((_, index) => !trial.matches.some((match) => match.detection === index));
  const alarms = falseAlarms(after)
    .filter(
      (alarm) => !falseAlarms(before).some((old) => old.label === alarm.label && old.start < alarm.end && alarm.start < old.end),
    )
    .map((alarm): ExhibitPlan => {
      const at = (alarm.start + alarm.end) / 2;
      return {
        kind: 'false-alarm',
        ...place,
        at,
        caption: `false alarm: ${alarm.label}`,
        weight: alarm.peak * (alarm.end - alarm.start),
      };
    });
  return [...events, ...alarms];
}

function pick(plans: readonly ExhibitPlan[]): ExhibitPlan[] {
  const clearest = plans.toSorted((a, b) => b.weight - a.weight || (a.sample < b.sample ? -1 : 1));
  const lost = clearest.filter((plan) => plan.kind !== 'gained').slice(0, REGRESSIONS);
  return [...lost, ...clearest.filter((plan) => plan.kind === 'gained').slice(0, GAINS)];
}
