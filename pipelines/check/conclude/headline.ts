import { inShort, unlikeFirst, type CheckReport, type Finding, type ModelReport } from '#report';

/** The outcome of several: one failure fails all, one doubt leaves all in doubt. */
export function worst(outcomes: readonly CheckReport['outcome'][]): CheckReport['outcome'] {
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.includes('inconclusive') ? 'inconclusive' : 'pass';
}

/** One sentence: what was decided, and the one finding that says most about why. */
export function headlineOf(models: readonly ModelReport[]): string {
  const outcome = worst(models.map((model) => model.outcome));
  const deciding = models.filter((model) => model.outcome === outcome);
  return deciding.map((model) => sentenceOf(model)).join(' ');
}

function sentenceOf(model: ModelReport): string {
  return `${verdictOf(model)}${afterFail(model)}`;
}

/** A pass that nobody deploys by itself: whoever judges often enough passes once by chance. */
function afterFail({ failedBefore }: ModelReport): string {
  if (failedBefore === undefined) return '';
  return ` But the same release failed on the same data on ${failedBefore.on}: it is not deployed until somebody answers for it.`;
}

function verdictOf(model: ModelReport): string {
  // An unchanged release that was judged all the same, as when the gate audits itself, is told by what was found.
  if (model.history === 'unchanged' && model.findings.length === 0) {
    return `${model.model} passes: it is the very release that it is compared with.`;
  }
  const findings = model.findings.filter((finding) => finding.role !== 'watches');
  const decisive = unlikeFirst(findings.filter((finding) => finding.outcome === model.outcome));
  switch (model.outcome) {
    case 'fail':
      return `${model.model} fails: ${firstOf(decisive)}.`;
    case 'inconclusive':
      return `${model.model} is undecided: ${firstOf(decisive)}.`;
    case 'pass':
      return `${model.model} passes: ${passed(model, findings)}.`;
  }
}

/** One is told; the rest is counted, so that the sentence stays one, with one number to remember. */
function firstOf(decisive: readonly Finding[]): string {
  const [first, ...rest] = decisive;
  if (first === undefined) return 'nothing was judged';
  return `${sentenceOfFinding(first)}${rest.length === 0 ? '' : ` (and ${rest.length} more)`}`;
}

function sentenceOfFinding(finding: Finding): string {
  const { dataset, chipset, slice, against, reason } = finding;
  const [where, said] = [dataset ?? chipset, inShort(reason)];
  const place = where === null || said.startsWith(`${where} `) ? '' : `on ${where}`;
  const part = slice === null ? '' : ` where ${slice.by} is ${slice.value}`;
  const reference = against === 'anchor' ? ' beside the anchor' : '';
  const whereabouts = `${place}${part}${reference}`.trim();
  return whereabouts === '' ? said : `${whereabouts}, ${said}`;
}

function passed({ history }: ModelReport, findings: readonly Finding[]): string {
  if (history === 'first') return 'nothing is deployed yet to compare it with, and it keeps every bound';
  const [best] = findings.filter(
    ({ against, slice, unit, gain }) =>
      against === 'baseline' && slice === null && unit !== 'ratio' && (gain.interval?.low ?? 0) > 0,
  );
  if (best !== undefined) return `${sentenceOfFinding(best)}, and nothing got worse by more than is allowed`;
  return `nothing got worse by more than is allowed (${findings.length} ${findings.length === 1 ? 'comparison' : 'comparisons'})`;
}
