import { CouldNotRun, type Digest, type Json } from '#kernel';
import { configFile, fleetSite, type ChipsetConfig, type DeployConfig, type GraphConfig, type GraphDeployConfig } from '#config';
import type { DeployedRelease, GraphPlan, PlacedStage, PlannedBroker, PlannedEdge, Site, StageContract } from '#gitops';
import {
  CONTRACT_VERSION,
  type Edge,
  edgesOf,
  type MessageKind,
  type Placement,
  type Stage,
  type StreamedRule,
  thresholdOf,
  toldStageSchema,
} from '#graphs';

/** A graph that is shipped, and where to. */
export type Shipped = {
  graph: GraphConfig;
  to: GraphDeployConfig;
  placement: Placement;
  deploy: DeployConfig;
  chipsets: readonly ChipsetConfig[];
};

/** Bytes of a model that may run. `variantOn`: which of its weights a chipset serves; null is the default ones. */
export type StageModel = {
  image: string;
  digest: Digest;
  threshold: number | null;
  variantOn: (chipset: string) => string | null;
};

/** What its stages run: the image that all stages of ours have in common; models and containers by stage. */
export type GraphBytes = {
  stageImage: Digest;
  models: ReadonlyMap<string, StageModel>;
  containers: ReadonlyMap<string, Digest>;
};

/** Messages under way at once on an edge: over a link of 100 ms that is 80 a second, and whatever waits longer is late anyhow. */
const WINDOW = 8;
const MIB = 1024 ** 2;
/** Bytes. Pixels of 3840 x 2160 fit, and half of what the broker takes; 40,000 boxes; 260,000 dimensions. */
const LARGEST: Readonly<Record<MessageKind, number>> = {
  frame: 32 * MIB,
  crop: 32 * MIB,
  detections: MIB,
  embedding: MIB,
  event: MIB / 16,
};
/** For stages that make no events: nobody reads it there, and a detector's new threshold is no reason to start them anew. */
const UNREAD = 1;

/**
 * A graph in its placement, with the bytes of each stage, as it goes to the fleet. Pure: the same gives the same plan.
 * @param rule the footage's
 * @throws CouldNotRun for a stage that makes events of scores that nobody gives a threshold for
 */
export function planGraph(shipped: Shipped, bytes: GraphBytes, rule: Omit<StreamedRule, 'threshold'>): GraphPlan {
  const { graph, deploy, placement } = shipped;
  const { name, graph: own } = graph;
  return {
    controller: deploy.controller,
    graph: name,
    source: { url: deploy.url, branch: deploy.branch },
    stages: own.stages.map((stage): PlacedStage => ({
      name: stage.name,
      told: toldStage(stage, graph, { ...rule, threshold: thresholdAt(stage, graph, bytes) }),
      contract: contractOf(stage),
      desk: stage.from.length === 0 ? 'cameras' : stage.name === own.answer ? 'answers' : null,
      runs: stage.work.kind === 'container' ? 'beside the runtime' : 'in the runtime',
      places: sitesOf(placement.at[stage.name] ?? '', shipped).map((site) => ({
        site,
        release: releaseOf(stage, site, shipped.to, bytes),
      })),
    })),
    edges: edgesOf(own).map((edge) => plannedEdge(edge)),
    broker: brokerOf(shipped),
  };
}

function toldStage(stage: Stage, { name, graph, queue }: GraphConfig, rule: StreamedRule): Json {
  const told = { ...stage, graph: name, rule, queue, isAnswer: stage.name === graph.answer };
  return toldStageSchema.parse(JSON.parse(JSON.stringify(told)));
}

function thresholdAt({ name, work }: Stage, { name: graph, graph: { stages } }: GraphConfig, { models }: GraphBytes): number {
  if (work.kind !== 'stock' || work.stock !== 'events') return UNREAD;
  const thresholds = new Map([...models].map(([stage, { threshold }]) => [stage, threshold]));
  const threshold = thresholdOf({ stages }, name, thresholds);
  if (threshold !== null) return threshold;
  throw new CouldNotRun({
    file: configFile,
    field: `graphs.${graph}.stages.${name}`,
    message: 'no model before it names a threshold at which a score counts',
    remedy: 'give one: threshold in model.yaml, or in this stage',
  });
}

/** Ours speak and read one version; a container the one that it was made for. */
function contractOf({ work }: Stage): StageContract {
  const version = work.kind === 'container' ? work.contract : CONTRACT_VERSION;
  return { speaks: version, reads: [version, version] };
}

function releaseOf({ name, work }: Stage, { chipset }: Site, to: GraphDeployConfig, bytes: GraphBytes): DeployedRelease {
  const stageImage = { image: to.image, digest: bytes.stageImage };
  if (work.kind === 'stock') return { kind: 'container', model: stageImage };
  const [model, container] = [bytes.models.get(name), bytes.containers.get(name)];
  if (work.kind === 'model' && model !== undefined) {
    const { image, digest, variantOn } = model;
    return { kind: 'model', model: { image, digest }, runtime: stageImage, variant: variantOn(chipset.name) };
  }
  const image = to.images[name];
  if (container === undefined || image === undefined) throw new Error(`stage ${name} has no bytes`);
  return { kind: 'model', model: { image, digest: container }, runtime: stageImage, variant: null };
}

/** Events are kept until they have arrived; what is late of anything else is of no use. */
function plannedEdge({ from, to, kind }: Edge): PlannedEdge {
  return { from, to, promised: kind === 'event', window: WINDOW, largest: LARGEST[kind] };
}

/** The sites that are such a place. */
function sitesOf(place: string, { to, deploy, chipsets }: Shipped): Site[] {
  return (to.places[place] ?? []).flatMap((name) => siteNamed(name, deploy, chipsets) ?? []);
}

function siteNamed(name: string, deploy: DeployConfig, chipsets: readonly ChipsetConfig[]): Site | undefined {
  const entry = deploy.sites.find((site) => site.name === name);
  return entry && fleetSite(entry, deploy, chipsets);
}

/** Where nothing leaves its site, none is needed, though one is named. */
function brokerOf({ graph, placement, to: { broker }, deploy, chipsets }: Shipped): PlannedBroker | null {
  const crosses = edgesOf(graph.graph).some(({ from, to }) => placement.at[from] !== placement.at[to]);
  const site = broker === null ? undefined : siteNamed(broker.site, deploy, chipsets);
  return crosses && broker !== null && site !== undefined ? { ...broker, site } : null;
}
