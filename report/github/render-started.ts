import { escapeMarkdown } from '../escape-markdown.ts';
import { plainText } from '#kernel';
import { noteList } from '../markdown-blocks.ts';
import { fitToLimit, type Section } from './fit-to-limit.ts';
import { CHECK_OUTPUT, cutTitle } from './limits.ts';

/** One thing that a check waits for, such as the measurements of one chipset. */
export type Part = { name: string; state: 'waiting' | 'running' | 'finished' | 'missing'; note: string | null };

export type Started = {
  models: readonly string[];
  parts: readonly Part[];
  remarks: readonly string[];
};

const WORD = { waiting: 'waits', running: 'runs', finished: 'finished', missing: 'never came' } as const;
const STEPS = [200, 50, 10];

/** What is going to happen, and which parts of it have. Shown from the first second on, until there is a verdict. */
export function renderStarted({ models, parts, remarks }: Started): { title: string; summary: string; text: null } {
  const finished = parts.filter(({ state }) => state === 'finished').length;
  const names = models.length === 0 ? 'what changed' : models.map((name) => plainText(name)).join(', ');
  const title = cutTitle(`Judging ${names}${howFar(finished, parts.length)}`);
  const tables = parts.length === 0 ? [] : [parts.length, ...STEPS].map((limit) => () => partTable(parts, limit));
  const sections: Section[] = [
    { name: 'what happens', rank: 0, versions: [() => 'A verdict follows when every part has finished.'] },
    { name: 'remarks', rank: 1, versions: [() => noteList(remarks, remarks.length), () => ''] },
    { name: 'parts', rank: 2, versions: [...tables, () => ''] },
  ];
  return { title, summary: fitToLimit(sections, CHECK_OUTPUT, 'in the log of the run'), text: null };
}

/** Whoever publishes only the beginning would otherwise promise a count that goes on. */
function howFar(finished: number, all: number): string {
  if (all === 0) return '';
  return finished === 0 ? ` in ${all} ${all === 1 ? 'part' : 'parts'}` : `: ${finished} of ${all} parts`;
}

function partTable(parts: readonly Part[], limit: number): string {
  const rows = parts.slice(0, limit).map(({ name, state, note }) => {
    return `| ${escapeMarkdown(name)} | ${WORD[state]} | ${note === null ? '' : escapeMarkdown(note)} |`;
  });
  return ['| part | state | |', '| :-- | :-- | :-- |', ...rows].join('\n');
}
