import { formatRef } from '../format.ts';
import { noteList } from '../markdown-blocks.ts';
import { fitToLimit } from './fit-to-limit.ts';
import { CHECK_OUTPUT, COMMENT } from './limits.ts';

/** A change in which nothing differs that is judged. `since`: the commit that it was begun from. */
export type Untouched = { since: string; remarks: readonly string[] };

const HEADLINE = 'Not judged: it touches no model, no dataset and no gate.';

/** For the check run: a plain sentence, and what it was compared with. */
export function renderUntouched(untouched: Untouched): { title: string; summary: string; text: null } {
  return { title: HEADLINE, summary: textOf(untouched, CHECK_OUTPUT), text: null };
}

/** For a comment that spoke of an earlier commit of the same pull request. */
export function renderUntouchedComment(untouched: Untouched, marker: string): string {
  const limit = { most: COMMENT.most - COMMENT.size(`${marker}\n`), size: COMMENT.size };
  return `${marker}\n## Fieldproof: not judged\n\n${textOf(untouched, limit)}`;
}

function textOf({ since, remarks }: Untouched, limit: typeof COMMENT): string {
  const what = `Nothing that is judged has changed since ${formatRef(since)}: no model's folder, no dataset's manifest, pins or lists, nothing in fieldproof.yaml that judges, and no workflow. So nothing was run, and the verdicts on what is there stand as they were.`;
  const sections = [
    { name: 'what happened', rank: 0, versions: [() => what] },
    { name: 'remarks', rank: 1, versions: [() => noteList(remarks, remarks.length), () => ''] },
  ];
  return fitToLimit(sections, limit, 'in the log of the run');
}
