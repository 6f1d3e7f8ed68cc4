/** Long work says how far it is. `total` is absent when it cannot be known beforehand. */
export interface Progress {
  /** A new step begins; the one before it is over. */
  step(name: string, total?: number): void;
  /** `count` more units of the current step are done. */
  advance(count?: number): void;
  /** Something worth a line of its own. */
  note(text: string): void;
}

export const silentProgress: Progress = { step: () => {}, advance: () => {}, note: () => {} };
