import type { Digest } from '#kernel';
import type { Trailers } from './commit-message.ts';
import { ledgerTrailer, type LedgerEnd } from './ledger-witness.ts';
import type { FleetSnapshot } from '../fleet-repository.ts';
import { concernsModel } from '../names.ts';

/** What a proposal's commit says of itself. */
export type ProposalOrigin = {
  model: string;
  /** The fleet repository's commit whose releases were the baseline; null for the first of all. */
  base: string | null;
  /** The ledger's record of the verdict. */
  record: Digest;
  /** The end of the ledger as a remote was last known to hold it; null where it was never shared. */
  ledger: LedgerEnd | null;
  /** The judged commit of the model repository, and Git's id of the model's folder in it. */
  source: { commit: string; tree: string; author: string; subject: string; body: string; date: Date; repository: string | null };
};

/** The branch on which a passed change waits for its merge. */
export function proposalBranch(model: string, headCommit: string): string {
  return `fieldproof/${model}/${headCommit.slice(0, 12)}`;
}

/**
 * Trailers of a proposal. The `Argocd-reference-commit-*` ones are Argo CD's own (source hydrator), which its promotion
 * tools show beside a deployment; the body is a JSON string there, since a trailer is one line.
 */
export function proposalTrailers({ model, base, record, ledger, source }: ProposalOrigin): Trailers {
  return {
    'Fieldproof-Model': model,
    'Fieldproof-Source-Commit': source.commit,
    'Fieldproof-Source-Tree': source.tree,
    'Fieldproof-Record': record,
    'Fieldproof-Base': base ?? 'none',
    ...ledgerTrailer(ledger),
    'Argocd-reference-commit-author': source.author,
    'Argocd-reference-commit-sha': source.commit,
    'Argocd-reference-commit-subject': source.subject,
    'Argocd-reference-commit-body': JSON.stringify(source.body),
    ...(source.repository === null ? {} : { 'Argocd-reference-commit-repourl': source.repository }),
    'Argocd-reference-commit-date': source.date.toISOString(),
  };
}

export type LandingFacts = {
  proposal: { commit: string; trailers: Trailers };
  /** Where the deployed branch is; null while it is not there. */
  tip: string | null;
  /** As contestedPaths; left out or null where that is not known. */
  contested?: readonly string[] | null;
  /** Git's ids of the model's folder: as judged, and as merged. */
  judgedTree: string;
  mergedTree: string;
};

export type LandingPlan =
  /** The deployed branch moves to the proposal's commit. */
  | { kind: 'land' }
  /** Others have landed since, but nothing of this model: its files are committed anew on the tip. */
  | { kind: 'recommit' }
  | { kind: 'ask-for-new-check'; reason: string };

/**
 * Paths of this model, or of its proposal, that the deployed branch changed since the proposal's base so that they say
 * something else than the proposal: what it deploys is then not what was judged. Null when the two share no history.
 */
export async function contestedPaths(
  proposal: FleetSnapshot,
  tip: FleetSnapshot,
  { model, base, written }: { model: string; base: string | null; written: readonly string[] },
): Promise<readonly string[] | null> {
  const changed = base === null ? await tip.list('') : await tip.changedSince(base);
  if (changed === undefined) return null;
  const ours = changed.filter((path) => concernsModel(path, model) || written.includes(path));
  const same = await Promise.all(ours.map(async (path) => (await tip.read(path)) === (await proposal.read(path))));
  return ours.filter((_, index) => same[index] === false);
}

/** The judged bytes against the judged baseline, or nothing. */
export function planLanding({ proposal, tip, contested, judgedTree, mergedTree }: LandingFacts): LandingPlan {
  const { 'Fieldproof-Model': model, 'Fieldproof-Base': written, 'Fieldproof-Source-Tree': tree } = proposal.trailers;
  if (model === undefined || written === undefined)
    return ask(`the proposal ${short(proposal.commit)} does not say what it was judged against`);
  if (tree !== undefined && tree !== judgedTree) return ask('the proposal was written for another tree than the record names');
  if (mergedTree !== judgedTree) return ask('what was merged is not what was judged: the model folder differs');
  const base = written === 'none' ? null : written;
  if (base === tip) return { kind: 'land' };
  const others = `the fleet has moved on from ${base === null ? 'nothing' : short(base)} to ${tip === null ? 'nothing' : short(tip)} since the check`;
  if (tip === null || !contested) return ask(others);
  const [first] = contested;
  return first === undefined ? { kind: 'recommit' } : ask(`${others}, and what ${model} deploys changed: ${first}`);
}

const ask = (reason: string): LandingPlan => ({ kind: 'ask-for-new-check', reason });

function short(commit: string): string {
  return commit.slice(0, 12);
}
