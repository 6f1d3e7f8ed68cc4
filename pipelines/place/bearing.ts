import type { Graph, Placement } from '#graphs';
import type { Bearing } from '#report';
import type { Observed } from '#places';
import { crowdOf, ruleOf } from './footage.ts';
import { quantile } from './measure-placement.ts';
import type { OpenedGraph } from './open-graph.ts';
import { stagesBefore } from './played.ts';
import type { PlacePorts } from './ports.ts';

/** A placement bears as many cameras as lose no more frames than this. */
const TOLERATED = 0.02;
/** Nobody tries more. */
const MOST = 256;
/** Milliseconds: the first frames find models that have never been asked. */
const WARM_UP = 2000;

type Tried = Bearing['tried'][number] & { broke: Bearing['broke'] };

/** Adds cameras until frames are dropped, and finds the number in between: the most that it bears, and the stage that broke first. */
export async function findBearing(
  placement: Placement,
  { opened, seconds }: { opened: OpenedGraph; seconds: number },
  ports: PlacePorts,
): Promise<Bearing> {
  const tried: Tried[] = [];
  const bears = async (cameras: number) => {
    ports.progress.step(`${placement.name} with ${cameras} cameras`, 1);
    const one = await tryCameras(cameras, placement, { opened, seconds }, ports);
    tried.push(one);
    ports.progress.advance();
    return one.bears;
  };
  const cameras = await mostThat(bears);
  // The fewest with which it breaks say what breaks first.
  const broke = tried.filter((one) => !one.bears).toSorted((a, b) => a.cameras - b.cameras)[0]?.broke ?? null;
  return {
    placement: placement.name,
    cameras,
    tried: tried.map(({ cameras: count, dropped, p95, bears: bore }) => ({ cameras: count, dropped, p95, bears: bore })),
    broke,
  };
}

/** The most for which it holds: doubled until it does not, then halved in between, to a tenth. Null where not even one. */
export async function mostThat(holds: (count: number) => Promise<boolean>): Promise<number | null> {
  let [good, bad] = [0, 1];
  while (bad <= MOST && (await holds(bad))) [good, bad] = [bad, bad * 2];
  while (bad - good > Math.max(1, good * 0.05)) {
    const middle = Math.floor((good + bad) / 2);
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  return good === 0 ? null : good;
}

async function tryCameras(
  cameras: number,
  placement: Placement,
  { opened, seconds }: { opened: OpenedGraph; seconds: number },
  { runner }: PlacePorts,
): Promise<Tried> {
  const { config, graph, footage, head } = opened;
  const observed = await runner.run({
    graph: graph.graph,
    placement,
    places: config.places,
    links: config.links,
    models: head,
    rule: ruleOf(footage.dataset),
    queue: graph.queue,
    cameras: crowdOf(footage, cameras, seconds),
  });
  const began = Math.min(...observed.recordings.map((recording) => recording.began)) + WARM_UP;
  const { dropped, frames } = lossesOf(graph.graph, observed, began);
  const delays = observed.places.flatMap(({ judged, clock }) =>
    judged.flatMap(({ capturedAt, endedAt }) => (capturedAt >= began ? [endedAt - clock.offset - capturedAt] : [])),
  );
  const share = dropped.length / Math.max(1, frames);
  return { cameras, dropped: share, p95: quantile(delays, 0.95), bears: share <= TOLERATED, broke: firstToBreak(dropped) };
}

type Drop = { stage: string; place: string; at: number; over: string | null };

function lossesOf(graph: Graph, { places, recordings }: Observed, began: number): { dropped: Drop[]; frames: number } {
  const before = stagesBefore(graph);
  const dropped = places.flatMap(({ place, stages, sent, clock }) => [
    ...stages
      .filter(({ stage }) => before.has(stage))
      .flatMap((one) =>
        one.dropped.map((drop) => ({ ...drop, stage: one.stage, place, at: drop.at - clock.offset, over: null })),
      ),
    ...sent
      .filter(({ to }) => before.has(to))
      .flatMap((one) =>
        one.dropped.map((drop) => ({
          ...drop,
          stage: one.to,
          place,
          at: drop.at - clock.offset,
          over: `${one.from} -> ${one.to}`,
        })),
      ),
  ]);
  const captured = new Set<string>();
  const first = dropped
    .toSorted((a, b) => a.at - b.at)
    .filter(
      ({ camera, capturedAt }) =>
        capturedAt >= began && !captured.has(`${camera} ${capturedAt}`) && captured.add(`${camera} ${capturedAt}`),
    );
  // Those before the models were warm count neither as given nor as lost.
  const seconds = recordings.reduce((sum, { frames }) => sum + frames, 0);
  const refused = recordings.flatMap((one) =>
    one.refused.filter((at) => at >= began).map((at) => ({ stage: 'cameras', place: '', at, over: null })),
  );
  return { dropped: [...first, ...refused], frames: seconds };
}

/** Where most is lost, the earliest of those where as much is. */
function firstToBreak(dropped: readonly Drop[]): Bearing['broke'] {
  const byStage = [...Map.groupBy(dropped, ({ stage, place }) => `${stage} ${place}`).values()];
  const [worst] = byStage.toSorted((a, b) => b.length - a.length || (a[0]?.at ?? 0) - (b[0]?.at ?? 0));
  const first = worst?.[0];
  if (first === undefined) return null;
  const why =
    first.over === null
      ? `${worst?.length ?? 0} frames waited before it in vain`
      : `${worst?.length ?? 0} messages over ${first.over} were too many for its link`;
  return { stage: first.stage, place: first.place, why };
}
