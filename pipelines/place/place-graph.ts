import type { GraphConfig } from '#config';
import { footageRule, type Placement } from '#graphs';
import { dominated, type OrderOfRuns, type PlaceReport, type PlacementReport } from '#report';
import { taskOf } from '#tasks';
import { findBearing } from './bearing.ts';
import { camerasOf, type Footage } from './footage.ts';
import { changedStages, type GraphModels } from './graph-models.ts';
import { judgePlacements, outcomeOf } from './judge-placements.ts';
import { detailsOf, measuresOf, type Priced } from './measure-placement.ts';
import { openGraph, type OpenedGraph } from './open-graph.ts';
import { orderOfRuns } from './order-of-runs.ts';
import { readRun, type Played } from './played.ts';
import type { PlacePorts, PlaceRequest } from './ports.ts';

/** One way to run the graph: with these models, under this placement. */
type Arm = { key: string; placement: Placement; models: GraphModels };

/**
 * Measures the placements of a graph against each other on its footage, at live rate, and holds them to its gates. Every way to run it
 * is run once before any is run again, so that an hour in which the machine was slow is nobody's alone.
 * @throws CouldNotRun when a name is none, or a run breaks
 */
export async function placeGraph(request: PlaceRequest, ports: PlacePorts): Promise<PlaceReport> {
  const began = ports.clock.elapsed();
  const opened = await openGraph(request, ports);
  const { config, graph, footage, placements, head, base } = opened;
  const changed = base === null ? [] : changedStages(base, head);
  const cameras = Math.min(request.cameras ?? graph.cameras, footage.dataset.clips.length);
  const arms = armsOf(opened, changed);
  const runs = await playAll(arms, { opened, cameras, repeats: request.repeats }, ports);
  const of = (version: string) => new Map(placements.map(({ name }) => [name, runs.get(`${version} ${name}`) ?? []]));
  const report = (version: string) =>
    placements.map((placement) => reportOf(placement, runs.get(`${version} ${placement.name}`) ?? [], opened, cameras));
  const measured = withFrontier(report('head'), footage);
  const findings = judgePlacements(graph.gates, {
    dataset: footage.dataset,
    placements: measured,
    runs: of('head'),
    runsBefore: base === null ? new Map() : of('base'),
    seed: config.seed,
  });
  const swapped = arms.filter(({ key }) => key.startsWith('only '));
  return {
    version: 1,
    graph: graph.name,
    footage: {
      dataset: graph.footage,
      clips: footage.dataset.clips.length,
      seconds: [...footage.secondsOf.values()].reduce((a, b) => a + b, 0),
    },
    cameras,
    repeats: request.repeats,
    seed: config.seed,
    base: request.base === null ? null : opened.commits.base,
    head: opened.commits.head,
    changed,
    placements: measured,
    before: base === null ? [] : withFrontier(report('base'), footage),
    swaps: swapped.map(({ key, placement }) => ({
      placement: placement.name,
      stage: key.split(' ')[1] ?? null,
      measures: reportOf(placement, runs.get(key) ?? [], opened, cameras).measures,
    })),
    bearings: request.bearing === null ? [] : await bearingsOf(opened, request.bearing, ports),
    order: request.repeats < 2 ? null : orderOf(of('head'), opened, cameras),
    findings,
    outcome: outcomeOf(findings),
    notes: notesOf(graph, measured),
    took: (ports.clock.elapsed() - began) / 1000,
  };
}

/** Head and base under every placement; and, where several stages changed, each of them alone where a gate asks. */
function armsOf({ placements, graph, head, base }: OpenedGraph, changed: readonly string[]): Arm[] {
  const arms: Arm[] = placements.map((placement) => ({ key: `head ${placement.name}`, placement, models: head }));
  if (base === null) return arms;
  arms.push(...placements.map((placement) => ({ key: `base ${placement.name}`, placement, models: base })));
  const gated = placements.filter(({ name }) => graph.gates.some(({ placement }) => placement === name));
  if (changed.length < 2) return arms;
  return [
    ...arms,
    ...gated.flatMap((placement) =>
      changed.map((stage): Arm => {
        const own = head[stage];
        return {
          key: `only ${stage} ${placement.name}`,
          placement,
          models: own === undefined ? base : { ...base, [stage]: own },
        };
      }),
    ),
  ];
}

async function playAll(
  arms: readonly Arm[],
  { opened, cameras, repeats }: { opened: OpenedGraph; cameras: number; repeats: number },
  { runner, progress }: PlacePorts,
): Promise<ReadonlyMap<string, readonly Played[]>> {
  const { graph, footage, config } = opened;
  const runs = new Map<string, Played[]>(arms.map(({ key }) => [key, []]));
  progress.step(`${graph.name} at live rate`, arms.length * repeats);
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    // Whoever was first is last the next time.
    for (let turn = 0; turn < arms.length; turn += 1) {
      const arm = arms[(turn + repeat) % arms.length];
      if (arm === undefined) continue;
      const observed = await runner.run({
        graph: graph.graph,
        placement: arm.placement,
        places: config.places,
        links: config.links,
        models: arm.models,
        rule: footageRule(footage.dataset),
        queue: graph.queue,
        cameras: camerasOf(footage, cameras),
      });
      runs.get(arm.key)?.push(readRun(observed, { graph: graph.graph, placement: arm.placement, ...footage, repeat }));
      progress.advance();
    }
  }
  return runs;
}

function reportOf(
  placement: Placement,
  runs: readonly Played[],
  { config, graph, footage }: OpenedGraph,
  cameras: number,
): PlacementReport {
  const priced: Priced = { placement, places: config.places, links: config.links, cameras };
  return {
    placement: placement.name,
    measures: measuresOf(runs, { metrics: taskOf(footage.dataset).metrics, priced, seed: config.seed }),
    ...detailsOf(graph.graph, placement, runs, config.places),
    dominatedBy: [],
  };
}

/** Accuracy against delay, bytes and cost. */
function withFrontier(placements: readonly PlacementReport[], { dataset }: Footage): PlacementReport[] {
  const [first, second] = taskOf(dataset).metrics;
  const accuracy = [first, second].flatMap((metric) => metric?.name ?? []);
  const axes = [...accuracy, 'dropped', 'end-to-end-p95', 'uplink', 'cost'];
  const by = dominated(placements, axes);
  return placements.map((placement) => ({ ...placement, dominatedBy: [...(by.get(placement.placement) ?? [])] }));
}

/** By the intervals of each run alone. */
function orderOf(runs: ReadonlyMap<string, readonly Played[]>, opened: OpenedGraph, cameras: number): OrderOfRuns {
  const { config, placements, footage } = opened;
  const { metrics } = taskOf(footage.dataset);
  const times = Math.min(...placements.map(({ name }) => runs.get(name)?.length ?? 0));
  const measuredIn = (repeat: number) =>
    placements.map((placement) => {
      const priced: Priced = { placement, places: config.places, links: config.links, cameras };
      const run = (runs.get(placement.name) ?? []).slice(repeat, repeat + 1);
      return { placement: placement.name, measures: measuresOf(run, { metrics, priced, seed: config.seed }) };
    });
  return orderOfRuns(Array.from({ length: times }, (_, repeat) => measuredIn(repeat)));
}

type BearingRequest = NonNullable<PlaceRequest['bearing']>;

async function bearingsOf(opened: OpenedGraph, asked: BearingRequest, ports: PlacePorts): Promise<PlaceReport['bearings']> {
  const bearings: PlaceReport['bearings'] = [];
  for (const placement of opened.placements) bearings.push(await findBearing(placement, { opened, ...asked }, ports));
  return bearings;
}

function notesOf({ name }: GraphConfig, placements: readonly PlacementReport[]): string[] {
  const links = new Map(placements.flatMap(({ links: own }) => own.map(({ link, shapedBy }) => [link, shapedBy] as const)));
  const limits = new Map(placements.flatMap(({ places }) => places.map((place) => [place.place, place] as const)));
  return [
    ...[...links].map(([link, shapedBy]) =>
      shapedBy === null
        ? `Nothing here can shape ${link}: it was as good as this machine, and nothing that goes over it can pass.`
        : `${link} was shaped by ${shapedBy}.`,
    ),
    ...[...limits.values()].map(({ place, cpus, limitedBy }) =>
      limitedBy === null
        ? `Nothing here could keep ${place} to ${cpus} processors: it was as fast as this machine.`
        : `${place} was kept to ${cpus} processors by ${limitedBy}.`,
    ),
    `Decoding the footage is the cameras': no stage of ${name} pays for it. Between measured placements nothing is interpolated.`,
  ];
}
