import type { CheckReport, ModelReport } from './documents/check-report.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { MARK, unsettled } from './findings.ts';
import {
  comparedLines,
  endOf,
  exhibitLines,
  folded,
  historyLines,
  LEGEND,
  noteList,
  reasonList,
  restTitle,
  siteTable,
  WORD,
} from './markdown-blocks.ts';
import { findingsMarkdown } from './markdown-table.ts';

/** Short enough for most places that take Markdown; GitHub's have renderers of their own. */
const LONGEST = 60_000;

/** For a pull request: the verdict first, what failed or is undecided in the open, the rest folded. */
export function renderMarkdown(report: CheckReport): string {
  const blocks = [
    `## ${MARK[report.outcome]} Fieldproof: ${WORD[report.outcome]}`,
    `**${escapeMarkdown(report.headline)}**`,
    ...report.models.flatMap((model) => modelBlocks(model)),
    folded('What was compared', [comparedLines(report)]),
    ...(report.notes.length === 0 ? [] : [noteList(report.notes, 30)]),
    LEGEND,
  ];
  return `${bounded(blocks).join('\n\n')}\n`;
}

function modelBlocks(model: ModelReport): string[] {
  const open = unsettled(model.findings);
  const rest = model.findings.filter((finding) => !open.includes(finding));
  return [
    `### ${MARK[model.outcome]} ${escapeMarkdown(model.model)}`,
    ...historyLines(model),
    ...(open.length === 0 ? [] : [findingsMarkdown(model.findings, open, 30), reasonList(open, 20)]),
    ...(rest.length === 0 ? [] : [folded(restTitle(rest), [findingsMarkdown(model.findings, rest, 60)])]),
    ...(model.exhibits.length === 0
      ? []
      : [folded(`${model.exhibits.length} pictures are in the report`, [exhibitLines(model.exhibits, 20)])]),
    ...(model.sites.length === 0 ? [] : [folded('Payload to each site', [siteTable(model.sites, 60)])]),
    ...(model.notes.length === 0 ? [] : [folded('Notes', [noteList(model.notes, 30)])]),
    endOf(model),
  ];
}

/** Whole blocks only, so that no table and no fold is cut in two. */
function bounded(blocks: readonly string[]): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const block of blocks) {
    length += block.length + 2;
    if (length > LONGEST) return [...kept, '_The rest is in the full report: it is too long for GitHub._'];
    kept.push(block);
  }
  return kept;
}
