/** The files of a repository as they lie on disk, for the commands that write some for the user to commit. */
export interface WorkingTree {
  readonly folder: string;
  exists(path: string): Promise<boolean>;
  read(path: string): Promise<string>;
  /** Atomic: the file is whole or not there. */
  write(path: string, text: string): Promise<void>;
  readBytes(path: string): Promise<Uint8Array>;
  /** A file of any size, from wherever on this machine; one that is there already is left as it is. */
  copy(from: string, to: string): Promise<void>;
  /** Names in a folder, sorted, those of subfolders with a trailing slash; empty when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
}
