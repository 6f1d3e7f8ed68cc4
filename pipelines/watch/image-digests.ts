import { reasonOf, type Digest, type Progress } from '#kernel';
import type { DeployedAt, ImagePin } from '#gitops';

export interface ImageDigests {
  /** Every digest that stands for an image: its own, and where it is an index of several platforms, its children's. */
  standFor(reference: string): Promise<readonly Digest[]>;
}

/** By the digest that is pinned. Where nobody can say what else stands for it, it stands for itself. */
export async function imageDigests(
  pins: readonly ImagePin[],
  { images, progress }: { images: ImageDigests; progress: Progress },
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  const names = new Map(pins.map(({ image, digest }) => [digest, `${image}@${digest}`]));
  const known = await Promise.all(
    [...names].map(async ([digest, name]): Promise<[Digest, readonly Digest[]]> => {
      try {
        return [digest, await images.standFor(name)];
      } catch (thrown) {
        progress.note(`${name}: only this digest will be taken for it (${reasonOf(thrown)})`);
        return [digest, [digest]];
      }
    }),
  );
  return new Map(known);
}

/** The same for all that places deploy: asked of a pin. */
export async function digestsFor(
  deployed: readonly DeployedAt[],
  ports: { images: ImageDigests; progress: Progress },
): Promise<(pin: ImagePin) => readonly Digest[]> {
  const pins = deployed.flatMap(({ release }) => (release.kind === 'model' ? [release.model, release.runtime] : [release.model]));
  const digests = await imageDigests(pins, ports);
  return (pin) => digests.get(pin.digest) ?? [pin.digest];
}
