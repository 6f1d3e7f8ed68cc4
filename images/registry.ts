import type { BuiltImage } from './image.ts';

/** A registry that speaks the OCI distribution protocol. */
export interface Registry {
  /** Uploads what is missing; returns the manifest's digest as the registry names it, which must be ours. */
  push(image: BuiltImage, reference: string): Promise<void>;
  /** @throws CouldNotRun when the registry does not answer or has no such digest */
  pull(reference: string): Promise<BuiltImage>;
  /** The bytes of the manifest or index that a digest names, checked against it. @throws CouldNotRun as pull does */
  manifest(reference: string): Promise<string>;
}
