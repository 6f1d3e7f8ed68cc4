import { formatBytes, formatDuration, shortDigest } from '#kernel';
import type { CheckReport, Exhibit, Finding, ModelReport } from './documents/check-report.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { findingName, MARK } from './findings.ts';
import { UNKNOWN } from './format.ts';

/** The parts that every Markdown view of a report is made of. All of what a report says goes through `escapeMarkdown` here. */

export const WORD = { pass: 'passes', fail: 'fails', inconclusive: 'undecided' } as const;

export const LEGEND =
  '<sub>Intervals are 90%: a gate passes when all of it is above minus the margin (╎), fails when all of it is below, else it is undecided.</sub>';

/** What is said before any finding. */
export function historyLines({ history }: ModelReport): string[] {
  if (history === 'unchanged') return ['This release is deployed already: pass by identity.'];
  return history === 'first' ? ['A first release: judged by its bounds alone.'] : [];
}

export function reasonList(findings: readonly Finding[], limit: number): string {
  const more = findings.length > limit ? [`- and ${findings.length - limit} more`] : [];
  return [...findings.slice(0, limit).map((finding) => because(finding)), ...more].join('\n');
}

function because(finding: Finding): string {
  const { outcome, reason, remedy } = finding;
  const what = remedy === null ? '' : `<br>**What to do:** ${escapeMarkdown(remedy)}`;
  return `- ${MARK[outcome]} **${escapeMarkdown(findingName(finding))}**: ${escapeMarkdown(reason)}${what}`;
}

export function restTitle(rest: readonly Finding[]): string {
  const watched = rest.filter((finding) => finding.role === 'watches').length;
  const passed = rest.length - watched;
  const parts = [passed > 0 ? `${passed} passed` : '', watched > 0 ? `${watched} only watched` : ''];
  return parts.filter((part) => part !== '').join(', ');
}

export function exhibitLines(exhibits: readonly Exhibit[], limit: number): string {
  return exhibits
    .slice(0, limit)
    .map(({ change, ...exhibit }) => `- ${change === 'gained' ? MARK.pass : MARK.fail} ${exhibitCaption(exhibit)}`)
    .join('\n');
}

export function exhibitCaption({ caption, dataset, sample }: Pick<Exhibit, 'caption' | 'dataset' | 'sample'>): string {
  return [caption, `${dataset} ${sample}`].map(escapeMarkdown).join(' · ');
}

export function siteTable(sites: ModelReport['sites'], limit: number): string {
  const rows = sites.slice(0, limit).map(({ name, chipset, payloadBytes, transferSeconds }) => {
    const bytes = payloadBytes === null ? UNKNOWN : formatBytes(payloadBytes);
    const time = transferSeconds === null ? UNKNOWN : formatDuration(transferSeconds * 1000);
    return `| ${escapeMarkdown(name)} | ${escapeMarkdown(chipset)} | ${bytes} | ${time} |`;
  });
  return ['| site | chipset | payload | at its link |', '| :-- | :-- | --: | --: |', ...rows].join('\n');
}

export function comparedLines({ base, head, policy, runner, seed, seconds, models }: CheckReport): string {
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
  ].join('\n');
}

/** Of one stage, its digests; of several, each with its name before it. */
function releaseText({ stages }: ModelReport['candidate']): string {
  const named = Object.entries(stages);
  return named
    .map(([name, { model, runtime }]) => {
      const digests = `\`${shortDigest(model)}\`${runtime === null ? '' : ` with runtime \`${shortDigest(runtime)}\``}`;
      return named.length > 1 ? `${escapeMarkdown(name)} ${digests}` : digests;
    })
    .join(', ');
}

export function noteList(notes: readonly string[], limit: number): string {
  const more = notes.length > limit ? [`- and ${notes.length - limit} more`] : [];
  return [...notes.slice(0, limit).map((note) => `- ${escapeMarkdown(note)}`), ...more].join('\n');
}

export function endOf({ proposal, record }: ModelReport): string {
  const places =
    proposal === null ? [] : [proposal.branch, proposal.repository, proposal.commit.slice(0, 12)].map(escapeMarkdown);
  const proposed = proposal === null ? '' : `Proposed to the fleet: ${places[0]} in ${places[1]} (${places[2]}). `;
  return `${proposed}${record === null ? 'No record was written.' : `Record \`${shortDigest(record)}\`.`}`;
}

export function folded(title: string, blocks: readonly string[]): string {
  return [`<details><summary>${title}</summary>`, ...blocks, '</details>'].join('\n\n');
}
