import type { CheckPorts } from '#pipelines/check';

/** Folders of models, as they are served. */
export interface ModelFolders {
  /** A file of the folder. */
  read(folder: string, file: string): Promise<Uint8Array>;
  /** A new folder with the same files, but for these by their path. */
  copyWith(folder: string, replaced: ReadonlyMap<string, Uint8Array | string>): Promise<string>;
  remove(folder: string): Promise<void>;
}

/** Everything that an audit touches in the world: what a check does, and altered copies of the deployed model. */
export type AuditPorts = CheckPorts & { folders: ModelFolders };
