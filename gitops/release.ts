import type { Digest } from '#kernel';

/** An image by name and digest: `registry.example/acme/porch@sha256:...`. */
export type ImagePin = { image: string; digest: Digest };

/** What runs at one site on one chipset. A container image has no separate runtime. */
export type DeployedRelease =
  | { kind: 'model'; model: ImagePin; runtime: ImagePin; variant: string | null }
  | { kind: 'container'; model: ImagePin };

/** What a site runs on one of its chipsets, and the clip that is shown to it there, where one is. */
export type DeployedAt = { site: string; chipset: string; release: DeployedRelease; clip?: ImagePin };

/**
 * One site of the fleet. `link` in bits per second, where known; `timeout` in milliseconds is how long a rollout may take there,
 * left out or null: as long as the link needs.
 */
export type Site = { name: string; chipset: ChipsetResources; link: number | null; timeout?: number | null };

/** What manifests need to know of a chipset; nothing here knows how it is measured. */
export type ChipsetResources = {
  name: string;
  platform: string;
  cpus: number;
  memoryBytes: number | null;
  /** The cluster's own words for such a machine; left out, a node is one that carries the label `fieldproof.dev/chipset`. */
  placement?: NodeSelection;
};

/** Where the pods of a chipset go, and what they ask for there: one entry of the one table that maps chipsets to a cluster. */
export type NodeSelection = {
  /** Labels that a node must have, each with its value; none: `fieldproof.dev/chipset: <name>`. */
  nodes: Readonly<Record<string, string>>;
  /** Devices by the name of their plugin's resource, such as nvidia.com/gpu: 1. */
  resources: Readonly<Record<string, number>>;
  runtimeClass: string | null;
};

export type Controller = 'flux' | 'argocd';

export type FleetPlan = {
  controller: Controller;
  /** The model's name in fieldproof.yaml; a DNS label. */
  model: string;
  /** URL and branch the controllers read from; how Git on this machine reaches the same repository is the adapter's. */
  source: { url: string; branch: string };
  sites: readonly { site: Site; release: DeployedRelease }[];
  /** Argo CD: one ApplicationSet over the files of all sites, instead of an Application for each. */
  applicationSet?: boolean;
  /** The pull request that the release comes from; Flux writes what became of it there. */
  changeRequest?: string | null;
  /** A clip that is shown to the model at each site, once it runs there. */
  replay?: SiteReplay | null;
  /** For teams whose rollouts ask for a proof: the records of this release, and who asks. */
  progressive?: Progressive | null;
};

/** A clip; and for each chipset by name the image that shows it there and what the release must answer. */
export type SiteReplay = { clip: ImagePin; on: ReadonlyMap<string, { runtime: ImagePin; expected: string }> };

export type Progressive = {
  tool: 'rollouts' | 'kargo';
  /** The URL under which the files of the fleet repository's branch can be read. */
  records: string;
  /** By chipset, what the record of the verdict says of it. */
  summaries: ReadonlyMap<string, RecordSummary>;
};

/** What others may ask of a record: numbers and words only. Milliseconds; null where it was not measured. */
export type RecordSummary = {
  verdict: 'pass' | 'fail';
  record: Digest;
  model: Digest;
  runtime: Digest | null;
  chipset: string;
  p50_ms: number | null;
  p95_ms: number | null;
};

/** A file of the fleet repository, whole. */
export type ManifestFile = { path: string; content: string };
