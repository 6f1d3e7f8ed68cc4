export {
  type ChipsetConfig,
  type Config,
  configFile,
  type DeployConfig,
  imageNames,
  type ModelConfig,
  readConfig,
} from './config.ts';
export { type DatasetConfig, type DatasetSource, type FetchedSource, placeOf } from './dataset-source.ts';
export { type BucketConfig, type GithubConfig, normaliseGithub, type PicturePolicy } from './github-config.ts';
export { fleetSite } from './fleet-site.ts';
export type { GraphDeployConfig } from './normalise-graph-deploy.ts';
export type { GraphConfig } from './normalise-graphs.ts';
export { keptFleet } from './kept-fleet.ts';
export type { LedgerConfig } from './ledger-config.ts';
export type { AuditConfig } from './written-audit.ts';
export { policyDigest } from './policy-digest.ts';
export type { HarvestConfig, ReplayConfig } from './replays.ts';
export { type WrittenConfig, writtenConfigSchema } from './written-config.ts';
export { writtenGithubSchema } from './written-github.ts';
