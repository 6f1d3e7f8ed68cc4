/** Where pictures of what got worse may be kept, so that a comment can show them. */
export interface PictureStore {
  /** Stores JPEGs and returns a URL for each, in order. The same picture again is stored once and has the same URL. */
  put(pictures: readonly Uint8Array[]): Promise<readonly string[]>;
}
