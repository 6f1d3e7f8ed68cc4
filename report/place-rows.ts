import type { PlaceMeasure, PlaceReport, PlacementReport } from './documents/place-report.ts';
import { formatMeasure } from './format-measure.ts';
import { UNKNOWN } from './format.ts';

/** What a table of placements shows of each, after what the footage is about. */
const AXES = ['dropped', 'end-to-end-p50', 'end-to-end-p95', 'uplink', 'cost'] as const;
/** What accuracy is drawn against. */
export const DRAWN = ['end-to-end-p95', 'uplink', 'cost'] as const;

/** What the footage is about: the first that was measured. */
export function accuracyOf({ placements }: Pick<PlaceReport, 'placements'>): string {
  return placements[0]?.measures[0]?.name ?? '';
}

/** The measures of a table, in its order. */
export function shownMeasures({ measures }: PlacementReport): PlaceMeasure[] {
  const [first, second] = measures;
  const axes = AXES.flatMap((name) => measures.find((measure) => measure.name === name) ?? []);
  return [first, second, ...axes].filter((measure) => measure !== undefined);
}

export function valueOf({ value, unit }: PlaceMeasure): string {
  return formatMeasure(value, unit);
}

export function intervalOf({ interval, unit }: PlaceMeasure): string {
  return interval === null ? UNKNOWN : `${formatMeasure(interval.low, unit)} to ${formatMeasure(interval.high, unit)}`;
}

/** Whether a placement is worth having, in a few words. */
export function standing({ dominatedBy }: PlacementReport): string {
  return dominatedBy.length === 0 ? 'on the frontier' : `dominated by ${dominatedBy.join(', ')}`;
}

export function subtitle({ footage, cameras, repeats, base, head, changed }: PlaceReport): string {
  const at = head === null ? 'as it lies in the working tree' : `at ${head.slice(0, 12)}`;
  const against = base === null ? '' : `, against ${base.slice(0, 12)}`;
  const what = changed.length === 0 ? '' : `; ${changed.join(' and ')} changed`;
  const times = repeats === 1 ? 'once' : `${repeats} times`;
  const length = `${(footage.seconds / 60).toFixed(1)} minutes in ${footage.clips} clips of ${footage.dataset}`;
  return `${at}${against}${what}: ${length} on ${cameras} ${cameras === 1 ? 'camera' : 'cameras'} at live rate, ${times}`;
}

export function bearingWords({ placement, cameras, broke, confirmed }: PlaceReport['bearings'][number]): string {
  const bears = cameras === null ? 'bears not even one camera' : `bears ${camerasOf(cameras)}`;
  const first =
    broke === null ? '' : `; ${broke.stage}${broke.place === '' ? '' : ` at ${broke.place}`} breaks first: ${broke.why}`;
  return `${placement} ${bears}${first}${confirmed === null ? '' : `. ${confirmedWords(confirmed)}`}`;
}

function confirmedWords({ seconds, tried, agrees }: NonNullable<PlaceReport['bearings'][number]['confirmed']>): string {
  const outcomes = tried.map(({ cameras, dropped, bears }) => {
    const lost = formatMeasure(dropped, 'fraction');
    return `${camerasOf(cameras)} ${bears ? 'held' : 'broke'} (${lost} dropped)`;
  });
  return `Tried for ${seconds} s each: ${outcomes.join(', ')}, ${agrees ? 'so it is within a tenth' : 'so it is more than a tenth off'}`;
}

const camerasOf = (count: number) => `${count} ${count === 1 ? 'camera' : 'cameras'}`;

/** Whether single runs had placements clearly in another order than others. */
export function orderWords({ order }: PlaceReport): string[] {
  if (order === null || order.apart === 0) return [];
  const pairs = `${order.apart} ${order.apart === 1 ? 'pair' : 'pairs'} of placements and measures`;
  if (order.otherwise.length === 0)
    return [`Where the intervals of a run lie apart (${pairs}), no other of the ${order.runs} runs has another order.`];
  return order.otherwise.map(({ measure, low, high, inRuns }) => {
    const which = `${inRuns.length === 1 ? 'run' : 'runs'} ${inRuns.join(', ')} of ${order.runs}`;
    return `${measure}: ${low} is below ${high} in most runs, and clearly above in ${which}.`;
  });
}

/** What changed between base and head under a placement, in what can be told apart; null where nothing can. */
export function swapWords(report: PlaceReport): string[] {
  const name = accuracyOf(report);
  return report.swaps.flatMap(({ placement, stage, measures }) => {
    const before = report.before.find((one) => one.placement === placement)?.measures.find((measure) => measure.name === name);
    const after = measures.find((measure) => measure.name === name);
    if (stage === null || before === undefined || after === undefined) return [];
    return [`${placement} with ${stage} changed alone: ${after.title} ${valueOf(before)} -> ${valueOf(after)}`];
  });
}

/** Measures of a placement at base and at head. */
export function movedWords({ before, placements }: PlaceReport): string[] {
  return placements.flatMap((placement) => {
    const was = before.find((one) => one.placement === placement.placement);
    if (was === undefined || standing(was) === standing(placement)) return [];
    return [`${placement.placement}: was ${standing(was)}, is ${standing(placement)}`];
  });
}
