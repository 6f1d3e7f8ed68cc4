import { CouldNotRun, type Problem } from '#kernel';
import { readConfig } from './config.ts';

/** What is wrong with a fieldproof.yaml: nothing, where it is read. */
export function problemsOf(text: string): readonly Problem[] {
  try {
    readConfig(text);
  } catch (error) {
    if (error instanceof CouldNotRun) return error.problems;
    throw error;
  }
  return [];
}
