import type { Digest } from '#kernel';

/** An image by name and digest: `registry.example/acme/porch@sha256:...`. */
export type ImagePin = { image: string; digest: Digest };

/** What runs at one site on one chipset. A container image has no separate runtime. */
export type DeployedRelease =
  | { kind: 'model'; model: ImagePin; runtime: ImagePin; variant: string | null }
  | { kind: 'container'; model: ImagePin };

/** One site of the fleet. `link` in bits per second, where known. */
export type Site = { name: string; chipset: ChipsetPlacement; link: number | null };

/** What manifests need to know of a chipset; nothing here knows how it is measured. */
export type ChipsetPlacement = { name: string; platform: string; cpus: number; memoryBytes: number | null };

export type Controller = 'flux' | 'argocd';

export type FleetPlan = {
  controller: Controller;
  /** The model's name in fieldproof.yaml; a DNS label. */
  model: string;
  /** URL and branch the controllers read from; how Git on this machine reaches the same repository is the adapter's. */
  source: { url: string; branch: string };
  sites: readonly { site: Site; release: DeployedRelease }[];
};

/** A file of the fleet repository, whole. */
export type ManifestFile = { path: string; content: string };
