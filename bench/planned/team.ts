/** A model repository whose changes are timed. */
export type Team = {
  folder: string;
  /** A branch of that name off main, with other bytes of a model that answers alike. */
  propose: (name: string) => Promise<void>;
};
