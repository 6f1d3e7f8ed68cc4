/** Branches of the model repository that only ever add files for a person to look at. */
export interface LabellingBranches {
  /**
   * Puts one commit on a branch of its own and publishes it where pull requests can see it. The same change made twice is one
   * commit. @throws CouldNotRun when the branch holds something else, or cannot be published
   */
  write(change: {
    branch: string;
    /** Full commit id that it stands on. */
    parent: string;
    files: readonly { path: string; content: Uint8Array | string }[];
    message: string;
    date: Date;
  }): Promise<string>;
}
