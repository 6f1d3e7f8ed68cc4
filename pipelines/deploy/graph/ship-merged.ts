import { CouldNotRun, type Digest } from '#kernel';
import { configFile, type GraphConfig } from '#config';
import { appOf, BROKER, type GraphPlan } from '#gitops';
import { factsOf, type Hold, holdOn, holdReason, refuseBehind, trustedLedger } from '#history';
import type { Entry } from '#ledger';
import { gatherMerged, noCluster } from '../deploy-merged.ts';
import { underPolicy } from '../deploy-ports.ts';
import { fleetWitnesses } from '../fleet-witnesses.ts';
import type { Merged } from '../gather-release.ts';
import type { Refusal } from './admit-models.ts';
import { contextsOf } from './graph-contexts.ts';
import { graphChanges, type GraphChange, type Planned } from './graph-changes.ts';
import type { GraphLanding, GraphPorts, GraphRequest, StageRollout } from './graph-landing.ts';
import { gatherGraph, type GatheredGraph } from './gather-graph.ts';
import { releaseOfPlan, shipJournal } from './ship-journal.ts';
import type { ShipPorts } from './ship-ports.ts';
import { lastShipped, shipGraph } from './ship-graph.ts';
import { takeBack } from './take-back.ts';

export type ShipRequest = {
  ref: string;
  /** Null: the only one that is shipped. */
  graph: string | null;
  /** `auto`: watched where a cluster can be asked. */
  wait: 'auto' | 'always' | 'never';
  /** Milliseconds that each site has; null: as long as it needs. */
  timeout: number | null;
  /** Push the images that nobody else has pushed: of the stages, and of containers. */
  push: boolean;
  /** Say what would change, and change nothing. */
  dryRun: boolean;
};

/** A stage at a site, and what it is to run there. */
export type StageAt = { stage: string; site: string; chipset: string; runs: string; digest: Digest; runtime: Digest | null };

/** What came of shipping a graph, stage by stage. */
export type Shipping = { graph: string; placement: string; stages: readonly StageAt[] } & Outcome;

type Outcome =
  | { state: 'not shipped'; refusals: readonly (Refusal & { stage: string | null })[] }
  | { state: 'planned'; changes: readonly GraphChange[] }
  | GraphLanding;

/** Ships a graph of the merged commit as one: judged bytes at every place of its placement, or nothing. */
export async function shipMerged(request: ShipRequest, given: ShipPorts): Promise<Shipping> {
  const merged = await gatherMerged(request.ref, given);
  const graph = chosenGraph(merged.config.graphs, request.graph);
  if (request.wait === 'always' && given.watcher === null && !request.dryRun) throw noCluster();
  const ports = request.dryRun ? reading(merged, given) : await underPolicy(merged.config, given);
  await refuseBehind(given.ledger, await fleetWitnesses(given.openFleet(merged.deploy.repository), merged.deploy));
  const entries = await ports.ledger.entries();
  const gathered = await gatherGraph(graph, merged, entries, ports);
  const about = { graph: graph.name, placement: gathered.placement };
  if (gathered.kind === 'refused') return { ...about, stages: [], state: 'not shipped', refusals: gathered.refusals };
  const planned = { plan: gathered.plan, former: formerStages(gathered.plan, merged, entries) };
  const outcome = await shipPlanned({ gathered, planned, merged, request }, entries, ports);
  return { ...about, stages: stagesAt(gathered.plan), ...outcome };
}

/** Refuses what is held, says what would change, or changes it. */
async function shipPlanned(shipment: Shipment, entries: readonly Entry[], ports: ShipPorts): Promise<Outcome> {
  const { gathered, planned, merged, request } = shipment;
  const { plan } = planned;
  const graphPorts = { ...ports, fleet: ports.openFleet(merged.deploy.repository), contexts: contextsOf(merged.deploy) };
  const hold = holdOn(entries, plan.graph, releaseOfPlan(plan), ports.clock.now());
  if (hold !== undefined) {
    const back = request.dryRun ? null : await finishTakingBack(hold, shipment, ports, graphPorts);
    return back ?? { state: 'not shipped', refusals: [{ stage: null, state: 'refused', reason: holdReason(hold) }] };
  }
  const changes = await graphChanges(planned, await graphPorts.fleet.snapshot(plan.source.branch));
  if (request.dryRun) return { state: 'planned', changes };
  if (request.push) await gathered.publish();
  const graphRequest = requestOf(shipment, ports);
  const landing = await shipGraph(graphRequest, graphPorts);
  await graphRequest.journal.end(landing);
  return landing;
}

/** Nothing is appended, so nothing has to be signed. */
function reading({ config }: Merged, ports: ShipPorts): ShipPorts {
  return { ...ports, ledger: trustedLedger(ports.ledger, config.ledger, ports.clock) };
}

function chosenGraph(graphs: readonly GraphConfig[], name: string | null): GraphConfig {
  const shipped = graphs.filter(({ deploy }) => deploy !== null);
  const known = shipped.map((graph) => graph.name).join(', ');
  const refuse = (field: string, message: string, remedy: string) =>
    new CouldNotRun({ file: configFile, field, message, remedy });
  if (name !== null) {
    const found = graphs.find((graph) => graph.name === name);
    if (found === undefined)
      throw refuse('graphs', `no graph is named ${name}`, known === '' ? 'add it: docs/graphs.md' : `name one of: ${known}`);
    if (found.deploy === null) throw refuse(`graphs.${name}`, 'does not say where it runs', 'add deploy: docs/graphs.md');
    return found;
  }
  const [only, another] = shipped;
  if (only === undefined) throw refuse('graphs', 'none says where it runs', 'add deploy to one: docs/graphs.md');
  if (another !== undefined) throw refuse('graphs', 'several are shipped', `name one of: ${known}`);
  return only;
}

type Shipment = {
  gathered: Extract<GatheredGraph, { kind: 'gathered' }>;
  planned: Planned;
  merged: Merged;
  request: ShipRequest;
};

function requestOf({ gathered, planned, merged, request }: Shipment, ports: ShipPorts) {
  const { placement, models } = gathered;
  const journal = shipJournal({ plan: planned.plan, placement, commit: merged.commit, models }, ports);
  return { ...planned, watch: request.wait, timeout: request.timeout, journal } satisfies GraphRequest;
}

/**
 * Stages that the graph had when it was shipped last, and has no more. What is called so by now is left alone.
 */
function formerStages({ graph, stages }: GraphPlan, { config }: Merged, entries: readonly Entry[]): string[] {
  const before = factsOf(entries, 'shipment').flatMap(({ fact }) =>
    fact.model === graph ? Object.keys(fact.release.stages) : [],
  );
  const others = config.graphs.filter(({ name }) => name !== graph);
  const taken = new Set([
    ...config.models.map(({ name }) => name),
    ...others.flatMap(({ name, graph: own }) => [...own.stages.map((stage) => appOf(name, stage.name)), appOf(name, BROKER)]),
  ]);
  const now = new Set(stages.map(({ name }) => name));
  return [...new Set(before)].filter((stage) => !now.has(stage) && !taken.has(appOf(graph, stage)));
}

/** Whoever began to take a release back was ended before it was done: then the branch deploys it still. */
async function finishTakingBack(
  { fact }: Hold,
  shipment: Shipment,
  ports: ShipPorts,
  graphPorts: GraphPorts,
): Promise<GraphLanding | null> {
  const ended = factsOf(await ports.ledger.entries(), 'shipped').some(
    (one) => one.fact.shipment === fact.verdict && (one.fact.state === 'reverted' || one.fact.state === 'stays'),
  );
  const tip = await graphPorts.fleet.snapshot(shipment.planned.plan.source.branch);
  if (ended || (await graphChanges(shipment.planned, tip)).length > 0) return null;
  const { commit, record } = await lastShipped(shipment.planned, graphPorts.fleet);
  if (record !== fact.verdict) return null;
  const request = requestOf(shipment, ports);
  const rollouts: readonly StageRollout[] = [];
  const watcher = request.watch === 'never' ? null : graphPorts.watcher;
  const back = await takeBack({ commit, record, reason: fact.reason, rollouts }, request, watcher, graphPorts);
  await request.journal.end(back);
  return back;
}

function stagesAt({ stages, broker }: GraphPlan): StageAt[] {
  const placed = stages.flatMap(({ name, places }) =>
    places.map(({ site, release }): StageAt => ({
      stage: name,
      site: site.name,
      chipset: site.chipset.name,
      runs: release.model.image,
      digest: release.model.digest,
      runtime: release.kind === 'model' ? release.runtime.digest : null,
    })),
  );
  if (broker === null) return placed;
  const { site, image } = broker;
  const at = { stage: BROKER, site: site.name, chipset: site.chipset.name };
  return [...placed, { ...at, runs: image.image, digest: image.digest, runtime: null }];
}
