import { extent, groups } from 'd3-array';
import type { CheckReport, Finding } from './documents/check-report.ts';

/** All findings of one metric in one place, in the order in which they are read. They share one scale. */
export type GateFindings = { metric: string; unit: Finding['unit']; rows: readonly Finding[] };

/** Where findings were made: a dataset, a chipset, or a dataset on a chipset. */
export type Place = { name: string; gates: readonly GateFindings[] };

const SEVERITY = { fail: 0, inconclusive: 1, pass: 2 } as const;
const ROLE = { decides: 0, guards: 1, watches: 2 } as const;

/** In configuration's order by place and metric; within one, the whole before its slices and the worst slice first. */
export function placesOf(findings: readonly Finding[]): readonly Place[] {
  return groups(findings, placeName).map(([name, inPlace]) => ({
    name,
    gates: groups(inPlace, gateKey).map(([, rows]) => gateOf(rows)),
  }));
}

/** What decided against the change or left it undecided; a slice that is only watched never does. */
export function unsettled(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .filter((finding) => finding.role !== 'watches' && finding.outcome !== 'pass')
    .toSorted((a, b) => SEVERITY[a.outcome] - SEVERITY[b.outcome]);
}

/**
 * The range of gains that a picture of these findings shows. Watched slices are often tiny, and their wide intervals would
 * press everything else together, so they are cut at its edges.
 */
export function gainDomain(findings: readonly Finding[]): readonly [number, number] {
  const judged = findings.filter((finding) => finding.role !== 'watches' && finding.gain.interval !== null);
  const shown = judged.length > 0 ? judged : findings;
  const gains = shown.flatMap(({ gain, margin }) => [0, -margin, gain.value, gain.interval?.low, gain.interval?.high]);
  const [low = 0, high = 0] = extent(gains.filter((gain) => gain !== null && gain !== undefined));
  const pad = (high - low) * 0.08 || 0.01;
  return [low - pad, high + pad];
}

/** `light=night`, or what the whole is judged against where that is not the baseline. */
export function rowName(finding: Finding): string {
  const against = finding.against === 'baseline' ? '' : ` (${finding.against})`;
  return finding.slice === null ? `${finding.metric}${against}` : `${finding.slice.by}=${finding.slice.value}${against}`;
}

/** All that tells a finding from the others, since a reason names none of it. */
export function findingName(finding: Finding): string {
  return `${placeName(finding)} ${finding.slice === null ? '' : `${finding.metric} `}${rowName(finding)}`;
}

export function placeName({ dataset, chipset }: Pick<Finding, 'dataset' | 'chipset'>): string {
  if (dataset !== null && chipset !== null) return `${dataset} · ${chipset}`;
  return dataset ?? chipset ?? 'every site';
}

/** A reason without what was counted, which stands in brackets at its end. */
export function inShort(reason: string): string {
  return reason.replace(/ \([^()]*\)$/, '');
}

/** One finding of every metric on every dataset, then the others: what is said of few should not be said thrice of one. */
export function unlikeFirst(findings: readonly Finding[]): readonly Finding[] {
  const firsts = new Set(
    groups(findings, ({ dataset, metric }) => [dataset, metric].join('\0')).flatMap(([, alike]) => alike.slice(0, 1)),
  );
  return [...firsts, ...findings.filter((finding) => !firsts.has(finding))];
}

/** Shapes tell outcomes apart where colours don't. */
export const MARK: Readonly<Record<CheckReport['outcome'], string>> = { pass: '●', fail: '■', inconclusive: '◇' };

/** The same where no style can be set: Markdown shows emoji in colour, and these differ in shape too. */
export const BADGE: Readonly<Record<CheckReport['outcome'], string>> = { pass: '🟢', fail: '🟥', inconclusive: '🔶' };

/** Gains over a bound and over a baseline are of different sizes, so they do not share a scale. */
function gateKey({ metric, unit, against }: Finding): string {
  return [metric, unit, against === 'bound' || against === 'budget'].join('\0');
}

function gateOf(rows: readonly Finding[]): GateFindings {
  const [first] = rows;
  if (first === undefined) throw new RangeError('a gate without findings');
  return { metric: first.metric, unit: first.unit, rows: rows.toSorted(byReadingOrder) };
}

function byReadingOrder(a: Finding, b: Finding): number {
  return (
    Number(a.slice !== null) - Number(b.slice !== null) ||
    Number(a.role === 'watches') - Number(b.role === 'watches') ||
    SEVERITY[a.outcome] - SEVERITY[b.outcome] ||
    ROLE[a.role] - ROLE[b.role]
  );
}
