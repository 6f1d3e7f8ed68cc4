/** A document that another machine wrote, and the name it came under; or why it is not read. */
export type Artifact = { name: string; text: string } | { name: string; refused: string };

/** Documents on their way between machines: plain files in a folder, each named by its digest. */
export interface Artifacts {
  /** Adds one to the folder, atomically, and returns its path. */
  write(folder: string, text: string): Promise<string>;
  /**
   * All in the folder, by name; none when there is no such folder. Refused is what is no plain file named by the digest of its
   * content, and what is too large. @throws CouldNotRun for too many
   */
  read(folder: string): Promise<readonly Artifact[]>;
}
