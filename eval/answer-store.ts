import type { TrialKey } from './subject.ts';

/** What one subject answered about one dataset, kept as it comes so that a killed run goes on where it was. */
export interface AnswerStore<A> {
  /** Answers already kept for the key, each once; a torn last line is dropped. */
  read(key: TrialKey): Promise<readonly A[]>;
  append(key: TrialKey, answers: readonly A[]): Promise<void>;
  /** What the subject calls its classes, by which its answers were read; null where it does not say. */
  readLabels(key: TrialKey): Promise<readonly string[] | null>;
  keepLabels(key: TrialKey, labels: readonly string[]): Promise<void>;
}
