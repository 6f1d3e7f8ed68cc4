import type { Digest } from '#kernel';
import type { ImagePorts } from '#pipelines/releases';
import type { DeployPorts } from '../deploy-ports.ts';

/** The image that runs the stages which are Fieldproof's, and models as stages: one digest for all platforms. */
export interface StageImages {
  /** @throws CouldNotRun where there is none for one of the platforms */
  pin(platforms: readonly string[]): Promise<Digest>;
  /**
   * Pushes what is pinned for these platforms, under a name without tag or digest.
   * @throws CouldNotRun when the registry does not take it
   */
  publish(name: string, platforms: readonly string[]): Promise<void>;
}

/** Everything that shipping a graph touches in the world. */
export type ShipPorts = Pick<DeployPorts, 'repository' | 'ledger' | 'openFleet' | 'clock' | 'progress' | 'watcher' | 'images'> & {
  stageImages: StageImages;
  /** Of models and containers. */
  building: ImagePorts;
};
