import type { Digest } from '#kernel';
import type { ImagePin } from '#gitops';
import type { WrittenGraphDeploy } from './written-graph-deploy.ts';
import type { WrittenGraph } from './written-graphs.ts';

/** Where a graph runs in the fleet. It judges nothing, so no policy depends on it. */
export type GraphDeployConfig = {
  placement: string;
  /** By place of the placement: names of sites. */
  places: Readonly<Record<string, readonly string[]>>;
  /** Of the image that runs the stages: its name. */
  image: string;
  /** By stage that is a container: the name of its image. */
  images: Readonly<Record<string, string>>;
  broker: BrokerConfig | null;
};

export type BrokerConfig = {
  site: string;
  image: ImagePin;
  host: string;
  port: number;
  from: readonly string[];
  secret: string;
  storageBytes: number;
};

export function normaliseGraphDeploy({ deploy, stages }: WrittenGraph): GraphDeployConfig | null {
  if (deploy === undefined) return null;
  const { placement, places, image, broker } = deploy;
  const images = Object.entries(stages).flatMap(([stage, said]) =>
    'container' in said && said.image !== undefined ? [[stage, said.image] as const] : [],
  );
  return {
    placement,
    places,
    image,
    images: Object.fromEntries(images),
    broker: broker === undefined ? null : normaliseBroker(broker),
  };
}

function normaliseBroker({ image, storage, ...broker }: NonNullable<WrittenGraphDeploy['broker']>): BrokerConfig {
  return { ...broker, image: pinOf(image), storageBytes: storage };
}

function pinOf(written: string): ImagePin {
  const at = written.indexOf('@');
  return { image: written.slice(0, at), digest: written.slice(at + 1) as Digest };
}
