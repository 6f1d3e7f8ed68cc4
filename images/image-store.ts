import type { BuiltImage } from './image.ts';

/** Images on this machine, by digest. */
export interface ImageStore {
  find(digest: string): Promise<BuiltImage | undefined>;
}
