import type { CheckReport } from '../documents/check-report.ts';
import type { Section } from './fit-to-limit.ts';
import { whole } from './section.ts';

const DAYS = 30;

/** How somebody goes on, ready to be copied: what is undecided can be answered for, and a pass after a fail of the same. */
export function wayOnSections({ outcome, models, startedAt }: CheckReport): Section[] {
  const written = models.filter(({ record }) => record !== null);
  const undecided = outcome === 'inconclusive' && written.some((model) => model.outcome === 'inconclusive');
  const again = outcome !== 'fail' && written.some(({ failedBefore }) => failedBefore !== undefined);
  if (!undecided && !again) return [];
  const what = undecided ? 'To deploy it without a pass' : 'To deploy it although it failed before';
  const words = `**${what}**, somebody with write access answers for it, in a comment of their own on this pull request:`;
  return [
    whole('how to go on', 1, `${words}\n\n\`\`\`text\n/fieldproof accept until ${untilDay(startedAt)} because ...\n\`\`\``),
  ];
}

/** Some weeks after the check; a report may have come from anywhere, so what is no time is no day either. */
function untilDay(startedAt: string): string {
  const day = new Date(Date.parse(startedAt) + DAYS * 86_400_000);
  return Number.isNaN(day.valueOf()) ? 'YYYY-MM-DD' : day.toISOString().slice(0, 10);
}
