/** Where the full report may be kept, so that a verdict can link it. */
export interface ReportStore {
  /** Stores a page and returns its URL. The same page again is stored once and has the same URL. */
  put(page: string): Promise<string>;
}
