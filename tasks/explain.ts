import type { Change } from './metric.ts';

/** Won and lost where each unit is one thing that was right or wrong. */
export function explainCounts({ totals: { gained, lost, denominator } }: Change, counted: string): string {
  return `${gained} won and ${lost} lost of ${denominator} ${counted}`;
}
