/** A document that another machine wrote, and the name it came under. */
export type Artifact = { name: string; text: string };

/** Documents on their way between machines: plain files in a folder, each named by its digest. */
export interface Artifacts {
  /** Adds one to the folder, atomically, and returns its path. */
  write(folder: string, text: string): Promise<string>;
  /**
   * All in the folder, by name; none when there is no such folder.
   * @throws CouldNotRun for anything that is no plain file named by the digest of its content, and for too many or too large
   */
  read(folder: string): Promise<readonly Artifact[]>;
}
