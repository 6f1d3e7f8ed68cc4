import { styleText } from 'node:util';
import type { CheckReport } from './documents/check-report.ts';

export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Whether colour is wanted is the caller's to say; nothing here looks at the environment or at a stream. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

export const OUTCOME_COLOUR = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const satisfies Record<
  CheckReport['outcome'],
  Parameters<typeof styleText>[0]
>;
