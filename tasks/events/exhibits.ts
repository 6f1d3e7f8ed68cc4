import type { Exhibit, Span } from '../exhibit.ts';
import type { EventTrial } from './trial.ts';

/** Events that only one of the two releases finds, and false alarms that only the candidate raises. */
export function eventExhibits({
  candidate: after,
  reference: before,
}: {
  candidate: EventTrial;
  reference: EventTrial;
}): Exhibit[] {
  const place = { id: after.id, slices: after.slices, spans: spansOf(after, before) };
  const finds = (trial: EventTrial, truth: number) => trial.matches.some((match) => match.truth === truth);
  const events = after.truth.flatMap((event, index): Exhibit[] => {
    const [was, is] = [finds(before, index), finds(after, index)];
    if (was === is) return [];
    const at = (event.start + event.end) / 2;
    const caption = is ? `${event.label} found now, missed before` : `${event.label} missed, found before`;
    return [{ change: is ? 'gained' : 'lost', ...place, at, caption, weight: event.end - event.start }];
  });
  const alarmsBefore = falseAlarms(before);
  const alarms = falseAlarms(after)
    .filter((alarm) => !alarmsBefore.some((old) => old.label === alarm.label && old.start < alarm.end && alarm.start < old.end))
    .map(({ label, start, end, peak }): Exhibit => {
      const caption = `false alarm: ${label}`;
      return { change: 'lost', ...place, at: (start + end) / 2, caption, weight: peak * (end - start) };
    });
  return [...events, ...alarms];
}

/** Events that it does not find, and false alarms that it raises. */
export function eventMisses(trial: EventTrial): Exhibit[] {
  const place = { id: trial.id, slices: trial.slices };
  const missed = trial.truth.flatMap(({ label, start, end }, index): Exhibit[] => {
    if (trial.matches.some((match) => match.truth === index)) return [];
    return [{ change: 'lost', ...place, at: (start + end) / 2, caption: `${label} missed`, weight: end - start }];
  });
  const alarms = falseAlarms(trial).map(({ label, start, end, peak }): Exhibit => {
    const caption = `false alarm: ${label}`;
    return { change: 'lost', ...place, at: (start + end) / 2, caption, weight: peak * (end - start) };
  });
  return [...missed, ...alarms];
}

function falseAlarms({ detections, matches }: EventTrial): EventTrial['detections'] {
  const matched = new Set(matches.map(({ detection }) => detection));
  return detections.filter((_, index) => !matched.has(index));
}

function spansOf(after: EventTrial, before: EventTrial): Span[] {
  const truth = after.truth.map(({ label, start, end }): Span => ({ role: 'truth', label, score: null, start, end }));
  const said = (role: Span['role'], { detections }: EventTrial) =>
    detections.map(({ label, start, end, peak }): Span => ({ role, label, score: peak, start, end }));
  return [...truth, ...said('reference', before), ...said('candidate', after)];
}
