import { clusterPercentiles, measureAlone } from '#eval';
import { crossingsOf, type Graph, type LinkProfile, type Place, type Placement } from '#graphs';
import type { PlaceMeasure, PlacementReport } from '#report';
import type { Metric, Trial } from '#tasks';
import type { Played, PlayedClip } from './played.ts';

/** A month, in hours. */
const MONTH = 730;
/** Fewer clips than this say nothing of other footage: then an interval is of one run to the next. */
const FEWEST_CLIPS = 4;

export type Priced = { placement: Placement; places: readonly Place[]; links: readonly LinkProfile[]; cameras: number };

type Clips = readonly PlayedClip[];

/** A number of a placement, as a function of whole clips. */
type AxisSpec = Pick<PlaceMeasure, 'name' | 'title' | 'unit'> & { of: (clips: Clips) => number | null };

/** Everything that a placement is held to, with intervals: the metrics of the footage's task first. */
export function measuresOf(
  runs: readonly Played[],
  { metrics, priced, seed }: { metrics: readonly Metric<Trial>[]; priced: Priced; seed: number },
): PlaceMeasure[] {
  const clips = runs.flatMap((run) => run.clips);
  const clusters = clustersOf(clips);
  const trials = runs.flatMap((run) => run.trials);
  return [
    ...metrics.map((metric) => accuracyOf(metric, trials, seed)),
    ...axesOf(priced).map(({ of, ...axis }): PlaceMeasure => ({
      ...axis,
      better: 'less',
      value: of(clips),
      interval: clusterPercentiles(clusters.groups, (drawn) => of(drawn.flat()), seed),
      method: `bootstrap over ${clusters.groups.length} ${clusters.by} (percentiles expanded for few, Hesterberg 2015)`,
    })),
  ];
}

/** What is drawn together: every run of one clip; where there are few clips, all clips of one run. */
function clustersOf(clips: Clips): { by: string; groups: readonly Clips[] } {
  const byClip = [...Map.groupBy(clips, ({ clip }) => clip).values()];
  if (byClip.length >= FEWEST_CLIPS) return { by: 'clips', groups: byClip };
  return { by: 'runs of the same footage', groups: [...Map.groupBy(clips, ({ repeat }) => repeat).values()] };
}

function accuracyOf(metric: Metric<Trial>, trials: readonly Trial[], seed: number): PlaceMeasure {
  const measured = measureAlone(metric, trials, seed);
  const { name, unit, better, title, counted } = metric;
  return {
    name,
    title: title ?? name.replaceAll('-', ' '),
    unit,
    better,
    value: measured?.value ?? null,
    interval: measured?.interval ?? null,
    method: measured?.method ?? `there are no ${counted}`,
  };
}

function axesOf(priced: Priced): AxisSpec[] {
  const perSecond = (clips: Clips, of: (clip: PlayedClip) => number) => sum(clips, of) / sum(clips, ({ seconds }) => seconds);
  // A site's link carries all of its cameras.
  const rate = (way: 'up' | 'down') => (clips: Clips) => perSecond(clips, ({ bytes }) => bytes[way] * 8) * priced.cameras;
  const delay = (p: number) => (clips: Clips) =>
    quantile(
      clips.flatMap(({ delays }) => delays),
      p,
    );
  return [
    { name: 'end-to-end-p50', title: 'capture to answer, p50', unit: 'milliseconds', of: delay(0.5) },
    { name: 'end-to-end-p95', title: 'capture to answer, p95', unit: 'milliseconds', of: delay(0.95) },
    { name: 'uplink', title: 'uplink of a site', unit: 'bit/s', of: rate('up') },
    { name: 'downlink', title: 'downlink of a site', unit: 'bit/s', of: rate('down') },
    {
      name: 'dropped',
      title: 'frames dropped',
      unit: 'fraction',
      of: (clips) =>
        sum(clips, ({ dropped }) => dropped) /
        Math.max(
          1,
          sum(clips, ({ frames }) => frames),
        ),
    },
    { name: 'cost', title: 'cost', unit: 'a camera and month', of: (clips) => costOf(clips, priced) },
  ];
}

/** Of one camera in a month: its share of each machine, its processor time, and its bytes both ways. */
function costOf(clips: Clips, { placement, places, links, cameras }: Priced): number {
  const hours = sum(clips, ({ seconds }) => seconds) / 3600;
  const used = new Set(Object.values(placement.at));
  const ofPlaces = places
    .filter(({ name }) => used.has(name))
    .map(({ name, price }) => {
      const processor = sum(clips, (clip) => clip.processor[name] ?? 0) / 3.6e6 / hours;
      return price.month / cameras + price.cpuHour * processor * MONTH;
    });
  const [link] = placement.links;
  const price = links.find(({ name }) => name === link?.profile)?.pricePerGigabyte ?? 0;
  const gigabytes = (sum(clips, ({ bytes }) => bytes.up + bytes.down) / 1e9 / hours) * MONTH;
  return ofPlaces.reduce((total, one) => total + one, 0) + price * gigabytes;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** The smallest value that at least that share lies at or below. Null for none. */
export function quantile(values: readonly number[], p: number): number | null {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? null;
}

/** Stages, places and crossings of a placement, over all its runs. */
export function detailsOf(
  graph: Graph,
  placement: Placement,
  runs: readonly Played[],
  places: readonly Place[],
): Pick<PlacementReport, 'stages' | 'places' | 'crossings' | 'links'> {
  const seen = runs.flatMap(({ observed }) => observed.places);
  const seconds = sum(runs, ({ clips }) => sum(clips, (clip) => clip.seconds));
  const hours = seconds / 3600;
  return {
    stages: graph.stages.map(({ name }) => {
      const own = seen.flatMap((place) =>
        place.stages.filter(({ stage }) => stage === name).map((stage) => ({ ...stage, offset: place.clock.offset })),
      );
      const delays = own.flatMap((stage) => stage.delays.map((delay) => delay - stage.offset));
      return {
        stage: name,
        place: placement.at[name] ?? '',
        handled: sum(own, ({ work }) => sum(work, ({ handled }) => handled)),
        dropped: sum(own, ({ dropped }) => dropped.length),
        processor: sum(own, ({ work }) => sum(work, ({ cpu }) => cpu)) / seconds,
        p50: quantile(delays, 0.5),
        p95: quantile(delays, 0.95),
      };
    }),
    places: [...Map.groupBy(seen, ({ place }) => place)].map(([place, all]) => {
      const cpus = places.find(({ name }) => name === place)?.cpus ?? 1;
      const [first] = all;
      return {
        place,
        cpus,
        limitedBy: first?.limitedBy ?? null,
        load: sum(all, ({ cpu }) => cpu) / sum(all, ({ elapsed }) => elapsed) / cpus,
        peakMemory: all.reduce((most, { peakMemory }) => Math.max(most, peakMemory), 0),
        clock: first?.clock ?? { offset: 0, within: 0 },
      };
    }),
    crossings: crossingsOf(graph, placement).map(({ from, to, kind, way, link }) => {
      const edges = seen.flatMap(({ sent }) => sent).filter((edge) => edge.from === from && edge.to === to);
      const bytes = sum(edges, (edge) => sum(edge.bytes, (one) => one.bytes));
      return {
        from,
        to,
        kind,
        way,
        link: link.profile,
        bytesAnHour: bytes / hours,
        dropped: sum(edges, ({ dropped }) => dropped.length),
      };
    }),
    links: Object.entries(runs[0]?.observed.shapedBy ?? {}).map(([link, shapedBy]) => ({ link, shapedBy })),
  };
}
