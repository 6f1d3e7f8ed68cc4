import { formatBytes, formatDuration, shortDigest } from '#kernel';
import type { CheckReport, Exhibit, Finding, ModelReport } from './documents/check-report.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { BADGE, findingName, inShort } from './findings.ts';
import { UNKNOWN } from './format.ts';

/** The parts that every Markdown view of a report is made of. All of what a report says goes through `escapeMarkdown` here. */

export const WORD = { pass: 'passes', fail: 'fails', inconclusive: 'undecided' } as const;

export const LEGEND =
  '<sub>*Clearly* means that the whole 90% interval lies on one side of what is allowed (╎); where it lies on both, nothing is decided. │ is no change.</sub>';

/** What a name alone does not say of a model. */
export function historyLines({ history, outcome }: ModelReport): string[] {
  if (history === 'first') return ['Nothing is deployed yet to compare it with: it is judged by its bounds alone.'];
  return history === 'unchanged' && outcome === 'pass' ? ['It is the very release that it is compared with.'] : [];
}

/** One sentence each, and what to do about it; what was counted is left to `countedList`. */
export function reasonList(findings: readonly Finding[], limit: number): string {
  const lines = findings.slice(0, limit).map((finding) => {
    const { outcome, reason, remedy } = finding;
    const what = remedy === null ? '' : `<br>**What to do:** ${escapeMarkdown(remedy)}`;
    return `- ${BADGE[outcome]} **${escapeMarkdown(findingName(finding))}**: ${escapeMarkdown(inShort(reason))}${what}`;
  });
  return [...lines, ...andMore(findings.length, limit)].join('\n');
}

/** What was counted, and by which test, of findings that say so. */
export function countedList(findings: readonly Finding[], limit: number): string {
  const counted = findings.filter(({ reason }) => inShort(reason) !== reason);
  const lines = counted
    .slice(0, limit)
    .map((finding) => `- ${escapeMarkdown(findingName(finding))}: ${escapeMarkdown(countedOf(finding))}`);
  return [...lines, ...andMore(counted.length, limit)].join('\n');
}

function countedOf({ reason }: Finding): string {
  return reason.slice(inShort(reason).length + ' ('.length, -1);
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
    .map((exhibit) => `- ${exhibitCaption(exhibit)}`)
    .join('\n');
}

const LOOK = { lost: 'fail', gained: 'pass', apart: 'inconclusive' } as const;

export function exhibitCaption({ change, caption, dataset, sample }: Exhibit): string {
  return `${BADGE[LOOK[change]]} ${[caption, `${dataset} ${sample}`].map(escapeMarkdown).join(' · ')}`;
}

export function siteTable(sites: ModelReport['sites'], limit: number): string {
  const rows = sites.slice(0, limit).map(({ name, chipset, payloadBytes, transferSeconds }) => {
    const bytes = payloadBytes === null ? UNKNOWN : formatBytes(payloadBytes);
    const time = transferSeconds === null ? UNKNOWN : formatDuration(transferSeconds * 1000);
    return `| ${escapeMarkdown(name)} | ${escapeMarkdown(chipset)} | ${bytes} | ${time} |`;
  });
  return ['| site | chipset | to download | at its link |', '| :-- | :-- | --: | --: |', ...rows].join('\n');
}

export function comparedLines({ base, head, policy, runner, seed, seconds, models }: CheckReport): string {
  const releases = models.flatMap(({ model, candidate, baselines, record }) => [
    `- ${escapeMarkdown(model)}: candidate ${releaseText(candidate)}`,
    ...baselines.map(
      ({ release, chipsets }) =>
        `- ${escapeMarkdown(model)}: baseline ${releaseText(release)} on ${escapeMarkdown(chipsets.join(', '))}`,
    ),
    `- ${escapeMarkdown(model)}: ${record === null ? 'no record was written' : `record \`${shortDigest(record)}\` of the ledger`}`,
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
  return [...notes.slice(0, limit).map((note) => `- ${escapeMarkdown(note)}`), ...andMore(notes.length, limit)].join('\n');
}

/** What a merge would bring to the fleet. */
export function proposalLine({ repository, branch, commit }: NonNullable<ModelReport['proposal']>): string {
  const [where, place, at] = [branch, repository, commit.slice(0, 12)].map(escapeMarkdown);
  return `Ready for the fleet: ${where} in ${place} (${at}).`;
}

export function folded(title: string, blocks: readonly string[]): string {
  return [`<details><summary>${title}</summary>`, ...blocks.filter((block) => block !== ''), '</details>'].join('\n\n');
}

function andMore(count: number, limit: number): string[] {
  return count > limit ? [`- and ${count - limit} more`] : [];
}
