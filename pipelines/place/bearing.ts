import { footageRule, type Graph, type Placement } from '#graphs';
import type { Bearing } from '#report';
import type { Observed } from '#places';
import { crowdOf } from './footage.ts';
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
  { opened, seconds, confirm }: { opened: OpenedGraph; seconds: number; confirm: number | null },
  ports: PlacePorts,
): Promise<Bearing> {
  const tryFor = async (cameras: number, length: number, into: Tried[]) => {
    ports.progress.step(`${placement.name} with ${cameras} cameras for ${length} s`, 1);
    const one = await tryCameras(cameras, placement, { opened, seconds: length }, ports);
    into.push(one);
    ports.progress.advance();
    return one.bears;
  };
  const tried: Tried[] = [];
  const cameras = await mostThat(async (count) => await tryFor(count, seconds, tried));
  const longer: Tried[] = [];
  const agrees =
    confirm === null || cameras === null
      ? null
      : await isWithinATenth(cameras, async (count) => await tryFor(count, confirm, longer));
  // The fewest with which it breaks say what breaks first.
  const broke = tried.filter((one) => !one.bears).toSorted((a, b) => a.cameras - b.cameras)[0]?.broke ?? null;
  const confirmed =
    agrees === null || confirm === null ? null : { seconds: confirm, tried: longer.map((one) => withoutCause(one)), agrees };
  return { placement: placement.name, cameras, tried: tried.map((one) => withoutCause(one)), broke, confirmed };
}

function withoutCause({ cameras, dropped, p95, bears }: Tried): Bearing['tried'][number] {
  return { cameras, dropped, p95, bears };
}

/** Whether the most for which it holds by this is within a tenth of what was found: asked where that must hold, and where it must not. */
export async function isWithinATenth(found: number, holds: (count: number) => Promise<boolean>): Promise<boolean> {
  if (await holds(found)) return !(await holds(Math.floor(found * 1.1) + 1));
  const least = Math.ceil(found * 0.9);
  return least < found && (await holds(least));
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
    rule: footageRule(footage.dataset),
    queue: graph.queue,
    cameras: crowdOf(footage, cameras, seconds),
  });
  const began = Math.min(...observed.recordings.map((recording) => recording.began)) + WARM_UP;
  const { dropped, frames } = lossesOf(graph.graph, observed, began);
  // Those of the warm-up are not counted, neither as lost nor as frames.
  const counted = frames * Math.max(0, 1 - WARM_UP / 1000 / seconds);
  const delays = observed.places.flatMap(({ judged, clock }) =>
    judged.flatMap(({ capturedAt, endedAt }) => (capturedAt >= began ? [endedAt - clock.offset - capturedAt] : [])),
  );
  const share = dropped.length / Math.max(1, counted);
  return {
    cameras,
    dropped: share,
    p95: quantile(delays, 0.95),
    bears: share <= TOLERATED,
    broke: firstToBreak(dropped, observed),
  };
}

type Drop = { stage: string; place: string; at: number; over: string | null };

/** Captures from a moment on that somebody before the answer had no time for, each once, by whoever was the first to drop it. */
function lossesOf(graph: Graph, { places, recordings }: Observed, began: number): { dropped: Drop[]; frames: number } {
  const before = stagesBefore(graph);
  const all = places.flatMap(({ place, stages, sent, clock }) => {
    const inStages = stages.flatMap(({ stage, dropped }) => dropped.map((drop) => ({ ...drop, stage, over: null })));
    const onEdges = sent.flatMap(({ from, to, dropped }) =>
      dropped.map((drop) => ({ ...drop, stage: to, over: `${from} -> ${to}` })),
    );
    return [...inStages, ...onEdges].map((drop) => ({ ...drop, place, at: drop.at - clock.offset }));
  });
  const first = new Map<string, Drop>();
  for (const drop of all
    .filter(({ stage, capturedAt }) => before.has(stage) && capturedAt >= began)
    .toSorted((a, b) => a.at - b.at)) {
    const capture = `${drop.camera} ${drop.capturedAt}`;
    if (!first.has(capture)) first.set(capture, drop);
  }
  const refused = recordings.flatMap((one) =>
    one.refused.filter((at) => at >= began).map((at) => ({ stage: 'cameras', place: '', at, over: null })),
  );
  return { dropped: [...first.values(), ...refused], frames: recordings.reduce((sum, { frames }) => sum + frames, 0) };
}

/** Where most is lost: the link that it was too much for, or the stage that took most of the place's processors. */
function firstToBreak(dropped: readonly Drop[], { places }: Observed): Bearing['broke'] {
  const groups = [...Map.groupBy(dropped, ({ place, over }) => `${place} ${over ?? ''}`).values()];
  const [worst = []] = groups.toSorted((a, b) => b.length - a.length || (a[0]?.at ?? 0) - (b[0]?.at ?? 0));
  const [first] = worst;
  if (first === undefined) return null;
  const { stage, place, over } = first;
  if (over !== null) return { stage, place, why: `${worst.length} messages of ${over} were too many for the link` };
  const cost = (works: readonly { cpu: number }[]) => works.reduce((sum, { cpu }) => sum + cpu, 0);
  const own = places.find((one) => one.place === place)?.stages ?? [];
  const heaviest = own.toSorted((a, b) => cost(b.work) - cost(a.work))[0];
  const share = heaviest === undefined ? 0 : cost(heaviest.work) / Math.max(1e-9, cost(own.flatMap(({ work }) => work)));
  const why = `it takes ${Math.round(share * 100)}% of what the stages there take, while ${worst.length} frames waited before ${stage} in vain`;
  return { stage: heaviest?.stage ?? stage, place, why };
}
