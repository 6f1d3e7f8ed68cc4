import { formatBytes, formatDuration, shortDigest } from '#kernel';
import type { CheckReport, Exhibit, Finding, ModelReport } from './check-report.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { findingName, MARK, unsettled } from './findings.ts';
import { UNKNOWN } from './format.ts';
import { findingsMarkdown } from './markdown-table.ts';

const WORD = { pass: 'passes', fail: 'fails', inconclusive: 'undecided' } as const;

const LEGEND =
  '<sub>Intervals are 90%: a gate passes when all of it is above minus the margin (╎), fails when all of it is below, else it is undecided.</sub>';

/** GitHub refuses bodies above 65,536 characters. */
const LONGEST = 60_000;

/** For a pull request: the verdict first, what failed or is undecided in the open, the rest folded. */
export function renderMarkdown(report: CheckReport): string {
  const blocks = [
    `## ${MARK[report.outcome]} Fieldproof: ${WORD[report.outcome]}`,
    `**${escapeMarkdown(report.headline)}**`,
    ...report.models.flatMap((model) => modelBlocks(model)),
    folded('What was compared', [comparedLines(report).join('\n')]),
    ...(report.notes.length === 0 ? [] : [noteList(report.notes)]),
    LEGEND,
  ];
  return `${bounded(blocks).join('\n\n')}\n`;
}

function modelBlocks(model: ModelReport): string[] {
  const open = unsettled(model.findings);
  const rest = model.findings.filter((finding) => !open.includes(finding));
  const reasons = open.slice(0, 20).map((finding) => because(finding));
  const more = open.length > 20 ? [`- and ${open.length - 20} more`] : [];
  const identity = model.history === 'unchanged' ? ['This release is deployed already: pass by identity.'] : [];
  const first = model.history === 'first' ? ['A first release: judged by its bounds alone.'] : [];
  return [
    `### ${MARK[model.outcome]} ${escapeMarkdown(model.model)}`,
    ...identity,
    ...first,
    ...(open.length === 0 ? [] : [findingsMarkdown(model.findings, open, 30), [...reasons, ...more].join('\n')]),
    ...(rest.length === 0 ? [] : [folded(restTitle(rest), [findingsMarkdown(model.findings, rest, 60)])]),
    ...(model.exhibits.length === 0
      ? []
      : [folded(`${model.exhibits.length} pictures are in the report`, [exhibitLines(model.exhibits)])]),
    ...(model.sites.length === 0 ? [] : [folded('Payload to each site', [siteTable(model.sites)])]),
    ...(model.notes.length === 0 ? [] : [folded('Notes', [noteList(model.notes)])]),
    endOf(model),
  ];
}

function because(finding: Finding): string {
  const { outcome, reason, remedy } = finding;
  const what = remedy === null ? '' : `<br>**What to do:** ${escapeMarkdown(remedy)}`;
  return `- ${MARK[outcome]} **${escapeMarkdown(findingName(finding))}**: ${escapeMarkdown(reason)}${what}`;
}

function restTitle(rest: readonly Finding[]): string {
  const watched = rest.filter((finding) => finding.role === 'watches').length;
  const passed = rest.length - watched;
  const parts = [passed > 0 ? `${passed} passed` : '', watched > 0 ? `${watched} only watched` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

function exhibitLines(exhibits: readonly Exhibit[]): string {
  return exhibits
    .slice(0, 20)
    .map(
      ({ kind, dataset, sample, caption }) =>
        `- ${kind === 'gained' ? MARK.pass : MARK.fail} ${[caption, `${dataset} ${sample}`].map(escapeMarkdown).join(' · ')}`,
    )
    .join('\n');
}

function siteTable(sites: ModelReport['sites']): string {
  const rows = sites.slice(0, 60).map(({ name, chipset, payloadBytes, transferSeconds }) => {
    const bytes = payloadBytes === null ? UNKNOWN : formatBytes(payloadBytes);
    const time = transferSeconds === null ? UNKNOWN : formatDuration(transferSeconds * 1000);
    return `| ${escapeMarkdown(name)} | ${escapeMarkdown(chipset)} | ${bytes} | ${time} |`;
  });
  return ['| site | chipset | payload | at its link |', '| :-- | :-- | --: | --: |', ...rows].join('\n');
}

function comparedLines({ base, head, policy, runner, seed, seconds, models }: CheckReport): string[] {
  const releases = models.flatMap(({ model, candidate, baselines }) => [
    `- ${escapeMarkdown(model)}: candidate ${releaseText(candidate)}`,
    ...baselines.map(
      ({ release, chipsets }) =>
        `- ${escapeMarkdown(model)}: baseline ${releaseText(release)} on ${escapeMarkdown(chipsets.join(', '))}`,
    ),
  ]);
  return [
    `- ${escapeMarkdown(base)} → ${escapeMarkdown(head)}, policy from ${escapeMarkdown(policy)}`,
    ...releases,
    `- ${runner.name} runner, ${runner.sandboxed ? 'sandboxed' : '**not sandboxed**'}; seed ${seed}; ${formatDuration(seconds * 1000)}`,
  ];
}

function releaseText({ model, runtime }: ModelReport['candidate']): string {
  return `\`${shortDigest(model)}\`${runtime === null ? '' : ` with runtime \`${shortDigest(runtime)}\``}`;
}

function noteList(notes: readonly string[]): string {
  const more = notes.length > 30 ? [`- and ${notes.length - 30} more`] : [];
  return [...notes.slice(0, 30).map((note) => `- ${escapeMarkdown(note)}`), ...more].join('\n');
}

function endOf({ proposal, record }: ModelReport): string {
  const places =
    proposal === null ? [] : [proposal.branch, proposal.repository, proposal.commit.slice(0, 12)].map(escapeMarkdown);
  const proposed = proposal === null ? '' : `Proposed to the fleet: ${places[0]} in ${places[1]} (${places[2]}). `;
  return `${proposed}${record === null ? 'No record was written.' : `Record \`${shortDigest(record)}\`.`}`;
}

function folded(title: string, blocks: readonly string[]): string {
  return [`<details><summary>${title}</summary>`, ...blocks, '</details>'].join('\n\n');
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
