export type { FleetCommit, FleetRepository, FleetSnapshot } from './fleet-repository.ts';
export type { ChipsetPlacement, Controller, DeployedRelease, FleetPlan, ImagePin, ManifestFile, Site } from './release.ts';
