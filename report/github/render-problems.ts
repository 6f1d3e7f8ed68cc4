import { type Problem, plainText } from '#kernel';
import { endedProblem } from '../documents/problems-file.ts';
import { escapeMarkdown } from '../escape-markdown.ts';
import { noteList } from '../markdown-blocks.ts';
import { fitToLimit, type Section } from './fit-to-limit.ts';
import { linkSections, NO_LINKS } from './links.ts';
import { CHECK_OUTPUT, COMMENT, cutTitle, type Limit } from './limits.ts';

/** A check that could not run: what kept it from running, and what to do about each. */
export type Prevented = { problems: readonly Problem[]; remarks: readonly string[]; run: string | null };

const ENDED = endedProblem('the job');
const STEPS = [50, 10, 3, 1];

export function renderProblems(prevented: Prevented): { title: string; summary: string; text: null } {
  const [first = ENDED] = prevented.problems;
  const title = cutTitle(`Could not run: ${plainText(`${placeOf(first)}: ${first.message}`)}`);
  return { title, summary: textOf(prevented, CHECK_OUTPUT), text: null };
}

/** The same for the pull request, under the marker of the verdict's comment, which it takes the place of. */
export function renderProblemsComment(prevented: Prevented, marker: string): string {
  const limit = { most: COMMENT.most - COMMENT.size(`${marker}\n`), size: COMMENT.size };
  return `${marker}\n${textOf(prevented, limit)}`;
}

function textOf({ problems, remarks, run }: Prevented, limit: Limit): string {
  const shown = problems.length === 0 ? [ENDED] : problems;
  const sections: Section[] = [
    {
      name: 'what happened',
      rank: 0,
      versions: [() => '## ⚠️ Fieldproof could not run\n\nNothing was judged: this says nothing for or against the change.'],
    },
    ...linkSections({ ...NO_LINKS, run }),
    { name: 'problems', rank: 2, versions: [shown.length, ...STEPS].map((most) => () => listOf(shown, most)) },
    { name: 'remarks', rank: 1, versions: [() => noteList(remarks, remarks.length), () => ''] },
  ];
  return fitToLimit(sections, limit, 'in the log of the run');
}

function listOf(problems: readonly Problem[], most: number): string {
  const lines = problems.slice(0, most).map((problem) => {
    const what = `${escapeMarkdown(placeOf(problem))}: ${escapeMarkdown(problem.message)}`;
    return `- ${what}<br>**What to do:** ${escapeMarkdown(problem.remedy)}`;
  });
  const more = problems.length - most;
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

function placeOf({ file, line, column, field }: Problem): string {
  const at = [file, line, column].filter((part) => part !== undefined).join(':');
  return field === undefined || field === '' ? at : `${at} (${field})`;
}
