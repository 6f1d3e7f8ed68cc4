import type { TrialKey } from './subject.ts';

/**
 * What was met while a subject was asked. `labels`: what it calls its classes, by which its answers were read; null where it does not
 * say. `manner`: how its server had to be spoken to, as a sentence; null where there is nothing to say.
 */
export type Served = { labels: readonly string[] | null; manner: string | null };

/** What one subject answered about one dataset, kept as it comes so that a killed run goes on where it was. */
export interface AnswerStore<A> {
  /** Answers already kept for the key, each once; a torn last line is dropped. */
  read(key: TrialKey): Promise<readonly A[]>;
  append(key: TrialKey, answers: readonly A[]): Promise<void>;
  readServed(key: TrialKey): Promise<Served>;
  /** What is null is left as it was kept before. */
  keepServed(key: TrialKey, served: Served): Promise<void>;
}
