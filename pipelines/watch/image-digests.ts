import { reasonOf, type Digest, type Progress } from '#kernel';
import type { DeployedAt, ImagePin } from '#gitops';

export interface ImageDigests {
  /** Every digest that stands for an image: its own, and where it is an index of several platforms, its children's. */
  standFor(reference: string): Promise<readonly Digest[]>;
}

export function pinsOf(deployed: readonly DeployedAt[]): ImagePin[] {
  return deployed.flatMap(({ release }) => (release.kind === 'model' ? [release.model, release.runtime] : [release.model]));
}

/** Where nobody can say what else stands for it, it stands for itself. */
export async function imageDigests(
  pins: readonly ImagePin[],
  { images, progress }: { images: ImageDigests; progress: Progress },
): Promise<(pin: ImagePin) => readonly Digest[]> {
  const names = new Map(pins.map(({ image, digest }) => [digest, `${image}@${digest}`]));
  const known = new Map(
    await Promise.all(
      [...names].map(async ([digest, name]): Promise<[Digest, readonly Digest[]]> => {
        try {
          return [digest, await images.standFor(name)];
        } catch (thrown) {
          progress.note(`${name}: only this digest will be taken for it (${reasonOf(thrown)})`);
          return [digest, [digest]];
        }
      }),
    ),
  );
  return ({ digest }) => known.get(digest) ?? [digest];
}
