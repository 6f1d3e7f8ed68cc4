import { z } from 'zod';
import type { Json } from '#kernel';
import type { Controller, DeployedRelease, ImagePin, Site } from '../release.ts';

/** Versions of the message contract: what a stage sends, and from which to which it reads. */
export const contractSchema = z.strictObject({
  speaks: z.int().positive(),
  reads: z.tuple([z.int().positive(), z.int().positive()]).readonly(),
});
export type StageContract = z.output<typeof contractSchema>;

/** A stage at each place where it runs. Its places run the same bytes, whatever their chipsets. */
export type PlacedStage = {
  name: string;
  /** What it is told of its work, which nobody here reads. */
  told: Json;
  /** What it does for others than stages: cameras bring it their pictures, or whoever wants the graph's answers comes for them. */
  desk: 'cameras' | 'answers' | null;
  /** Whether its model is a folder for the runtime, or a program that the runtime brings messages to. */
  runs: 'in the runtime' | 'beside the runtime';
  contract: StageContract;
  places: readonly { site: Site; release: DeployedRelease }[];
};

/** `promised`: what goes over it is kept until it has arrived; `window` and `largest` as a carrier takes them. */
export type PlannedEdge = { from: string; to: string; promised: boolean; window: number; largest: number };

/** What carries messages between sites. */
export type PlannedBroker = {
  site: Site;
  image: ImagePin;
  /** Under which sites reach it. */
  host: string;
  port: number;
  /** CIDRs from which other sites come. */
  from: readonly string[];
  /** The Secret of each namespace that holds `user` and `password`: whoever runs the cluster makes it. */
  secret: string;
  storageBytes: number;
};

/** A graph in its chosen placement, as it goes to a fleet. */
export type GraphPlan = {
  controller: Controller;
  /** Of the graph; a DNS label, as those of its stages are. */
  graph: string;
  source: { url: string; branch: string };
  stages: readonly PlacedStage[];
  edges: readonly PlannedEdge[];
  /** Null where no edge leaves its site. */
  broker: PlannedBroker | null;
};

/** What a stage is called among all that a fleet runs: its folders, its namespace, its objects. */
export const appOf = (graph: string, stage: string): string => `${graph}-${stage}`;

/** The name of the broker among the stages of a graph. */
export const BROKER = 'broker';

export const brokerPlaceholder = 'fieldproof.invalid/broker';

export type Crossing = { edge: PlannedEdge; site: string; local: boolean };

/** Each edge at each site where it begins: to the stage at the same site, where there is one, else over the broker to wherever it is. */
export function edgesAt({ stages, edges }: Pick<GraphPlan, 'stages' | 'edges'>): Crossing[] {
  const sitesOf = (name: string) => new Set(stages.find((stage) => stage.name === name)?.places.map(({ site }) => site.name));
  return edges.flatMap((edge) => {
    const there = sitesOf(edge.to);
    return [...sitesOf(edge.from)].map((site) => ({ edge, site, local: there.has(site) }));
  });
}
