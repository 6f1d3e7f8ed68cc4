import { rowName, unlikeFirst, type CheckReport, type Finding, type ModelReport } from '#report';

/** The outcome of several: one failure fails all, one doubt leaves all in doubt. */
export function worst(outcomes: readonly CheckReport['outcome'][]): CheckReport['outcome'] {
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.includes('inconclusive') ? 'inconclusive' : 'pass';
}

/** One sentence: what was decided, and the finding that decided it. */
export function headlineOf(models: readonly ModelReport[]): string {
  const outcome = worst(models.map((model) => model.outcome));
  const deciding = models.filter((model) => model.outcome === outcome);
  return deciding.map((model) => sentenceOf(model)).join(' ');
}

function sentenceOf(model: ModelReport): string {
  // An unchanged release that was judged all the same, as when the gate audits itself, is told by what was found.
  if (model.history === 'unchanged' && model.findings.length === 0) {
    return `${model.model} is what is deployed already: pass by identity.`;
  }
  const findings = model.findings.filter((finding) => finding.role !== 'watches');
  const decisive = unlikeFirst(findings.filter((finding) => finding.outcome === model.outcome));
  switch (model.outcome) {
    case 'fail':
      return `${model.model} fails: ${list(decisive.map((finding) => sentenceOfFinding(finding)))}.`;
    case 'inconclusive':
      return `${model.model} is undecided: ${list(decisive.map((finding) => sentenceOfFinding(finding)))}.`;
    case 'pass':
      return model.history === 'first'
        ? `${model.model} passes as a first release: every bound holds.`
        : `${model.model} passes: ${passed(findings)}.`;
  }
}

/** What was counted stands with the finding; the sentence leaves it out. */
function sentenceOfFinding(finding: Finding): string {
  const { dataset, chipset, metric, slice, reason } = finding;
  const where = dataset === null ? ` on ${chipset ?? 'every site'}` : ` on ${dataset}`;
  const what = slice === null ? rowName(finding) : `${metric} at ${rowName(finding)}`;
  return `${what}${where}: ${reason.replace(/ \([^()]*\)$/, '')}`;
}

function passed(findings: readonly Finding[]): string {
  const better = findings.filter(
    (finding) => finding.against === 'baseline' && finding.slice === null && (finding.gain.interval?.low ?? 0) > 0,
  );
  if (better.length === 0) return `no gate lost more than its margin (${findings.length} judged)`;
  return `better in ${list([...new Set(better.map((finding) => finding.metric))])}, and no gate lost more than its margin`;
}

/** Two are named; the rest is counted, so that the sentence stays one. */
function list(items: readonly string[]): string {
  if (items.length <= 2) return items.join(' and ');
  return `${items.slice(0, 2).join('; ')}; and ${items.length - 2} more`;
}
