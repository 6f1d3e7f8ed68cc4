import { releaseId } from '#kernel';
import type { Entry } from '#ledger';
import {
  followApart,
  followTogether,
  nightRecall,
  nightValues,
  random,
  recallWatch,
  SHIFT_SIGNALS,
  shiftWatch,
  STATISTICS,
  type Alarm,
  type Course,
  type NightRecall,
  type NightValues,
  type ShiftSignal,
  type Step,
} from '#eval';
import type { ReplayConfig } from '#config';
import { factsAbout, type AlarmFact, type NightFact, type SiteOfNight } from '#history';

/** One signal of one site through all nights. `recall` is what drift is claimed from; the others only show a shift. */
export type Followed = {
  site: string;
  signal: ShiftSignal | 'recall';
  course: Course;
  values: readonly { night: string; value: number }[];
};

/**
 * What the ledger's nights say, judged from the beginning: the same nights always give the same alarms. Half of the false-alarm
 * rate is for shift, in equal parts for each signal of each site; half is for drift.
 */
export function conclude(entries: readonly Entry[], config: ReplayConfig): Followed[] {
  return [...followShift(entries, config), ...followRecall(entries, config)];
}

function followShift(entries: readonly Entry[], { model, sites, alarms, sampling }: ReplayConfig): Followed[] {
  const units = new Map<string, { site: string; signal: ShiftSignal }>(
    sites.flatMap(({ name: site }) => SHIFT_SIGNALS.map((signal) => [`${signal} at ${site}`, { site, signal }] as const)),
  );
  const steps = factsAbout(entries, model, 'night').flatMap(({ fact }) => shiftSteps(fact));
  const names = [...units.keys()];
  const courses = followApart(steps, names, {
    level: alarms.falseAlarmRate / 2,
    open: (unit) => {
      const next = random(sampling.seed * 1000 + names.indexOf(unit));
      return shiftWatch({ reference: alarms.referenceNights, quietNights: alarms.quietNights, next });
    },
  });
  return courses.flatMap((course) => {
    const unit = units.get(course.unit);
    const values = steps
      .filter((step) => step.unit === course.unit)
      .map(({ night, values: of }) => ({ night, value: of.get('')?.[0] ?? 0 }));
    return unit === undefined ? [] : [{ ...unit, course, values }];
  });
}

function shiftSteps({ night, question, sites, clips }: NightFact): Step<NightValues>[] {
  return sites.flatMap((site) => {
    const here = clips.filter((clip) => clip.site === site.site).map((clip) => ({ ...clip, events: clip.detections.length }));
    return SHIFT_SIGNALS.flatMap((signal) => {
      const values = nightValues(signal, here);
      const release =
        signal === 'disagreement'
          ? `${servedIn(site, question)} ${site.candidate === null ? '' : releaseId(site.candidate)}`
          : servedIn(site, question);
      return values.size === 0 ? [] : [{ unit: `${signal} at ${site.site}`, night, release, values }];
    });
  });
}

/** What must stay the same for two nights to be compared. */
function servedIn({ release, variant, chipsetKey }: SiteOfNight, question: string): string {
  return [releaseId(release), variant, chipsetKey, question].join(' ');
}

function followRecall(entries: readonly Entry[], { model, sites, alarms }: ReplayConfig): Followed[] {
  const bound = alarms.recallBound;
  if (bound === null) return [];
  const nights = new Map(factsAbout(entries, model, 'night').map(({ id, fact }) => [id, fact]));
  const steps = factsAbout(entries, model, 'labelled').flatMap(({ fact }): Step<NightRecall>[] => {
    const night = nights.get(fact.of);
    const site = night?.sites.find((one) => one.site === fact.site);
    const values = nightRecall(fact.clips);
    if (night === undefined || site === undefined || values.size === 0) return [];
    return [{ unit: fact.site, night: fact.night, release: servedIn(site, night.question), values }];
  });
  const names = sites.map(({ name }) => name);
  const courses = followTogether(steps, names, { level: alarms.falseAlarmRate / 2, open: () => recallWatch(bound) });
  return courses.map((course) => {
    const values = steps
      .filter(({ unit }) => unit === course.unit)
      .map(({ night, values: of }) => ({ night, value: of.get('')?.recall ?? 0 }));
    return { site: course.unit, signal: 'recall', course, values };
  });
}

/** Every alarm as facts: that it was raised, and that it ended. The same alarm always makes the same facts. */
export function alarmFacts(followed: readonly Followed[], { model, alarms }: ReplayConfig): AlarmFact[] {
  return followed.flatMap(({ site, signal, course }) =>
    course.alarms.flatMap((alarm) => {
      const raised: AlarmFact = {
        kind: signal === 'recall' ? 'drift' : 'shift',
        model,
        site,
        signal,
        state: 'raised',
        raised: alarm.raised,
        started: alarm.started,
        ended: null,
        why: null,
        statistic: statisticName(signal, alarm),
        slice: alarm.slice,
        before: alarm.before,
        since: alarm.since,
        evidence: alarm.evidence,
        needed: course.needed,
        falseAlarmRate: alarms.falseAlarmRate,
      };
      if (alarm.ended === null) return [raised];
      return [raised, { ...raised, state: 'ended' as const, ended: alarm.ended.night, why: alarm.ended.why }];
    }),
  );
}

function statisticName(signal: Followed['signal'], { statistic }: Alarm): string {
  return signal === 'recall' ? 'recall of events' : (STATISTICS[signal][statistic] ?? signal);
}
