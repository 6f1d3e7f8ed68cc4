import { canonicalJson, CouldNotRun, type Clock, type Digest } from '#kernel';
import {
  keptFiles,
  parseTrailers,
  planLanding,
  proposalBranch,
  readDeployed,
  type FleetRepository,
  type FleetSnapshot,
  type KeptFleet,
} from '#gitops';
import type { Entry, Ledger } from '#ledger';
import { asFact, factsOf, type VerdictFact } from '../check/facts.ts';
import { configFile, readConfig, type Config, type DeployConfig } from '../config/config.ts';
import { keptFleet } from '../config/kept-fleet.ts';
import { policyDigest } from '../config/policy-digest.ts';
import type { ModelRepository } from '../model-repository.ts';

export type DeployPorts = {
  repository: ModelRepository;
  ledger: Ledger;
  openFleet: (location: string) => FleetRepository;
  clock: Clock;
  /** Whether entries of the ledger without a signature count for nothing. */
  mustBeSigned: boolean;
};

export type Landing = { model: string; state: 'landed' | 'up to date' | 'needs a check' | 'refused'; reason: string };

/** Lands, for each model of the merged commit, the proposal that its verdict wrote: the judged bytes or nothing. */
export async function deployMerged(ref: string, ports: DeployPorts): Promise<Landing[]> {
  const commit = await ports.repository.resolve(ref);
  const config = readConfig((await ports.repository.readFile(commit, configFile)) ?? '');
  const { deploy } = config;
  if (deploy === null) {
    throw new CouldNotRun({
      file: configFile,
      field: 'deploy',
      message: 'is not there',
      remedy: 'name the fleet repository to deploy to',
    });
  }
  const landings: Landing[] = [];
  for (const model of config.models) landings.push(await landModel(model, { commit, deploy, config }, ports));
  return landings;
}

type Merged = { commit: string; deploy: DeployConfig; config: Config };
type Judged = { id: Digest; fact: VerdictFact };

async function landModel(model: Config['models'][number], merged: Merged, ports: DeployPorts): Promise<Landing> {
  const { name, build } = model;
  const land = (state: Landing['state'], reason: string): Landing => ({ model: name, state, reason });
  const tree = await ports.repository.treeOf(merged.commit, build);
  const entries = (await ports.ledger.entries()).filter(({ link }) => !ports.mustBeSigned || link.signature !== undefined);
  const judged = factsOf(entries, 'verdict').findLast(({ fact }) => fact.model === name && fact.tree === tree);
  if (tree === null || judged === undefined) {
    const signed = ports.mustBeSigned ? ' in a signed entry of the ledger' : '';
    return land('needs a check', `the merged ${build} has never been judged${signed}: run fieldproof check on it`);
  }
  if (judged.fact.policy !== policyDigest(merged.config, model)) {
    return land('needs a check', `${configFile} judges ${name} otherwise since its verdict: run fieldproof check again`);
  }
  if (judged.fact.outcome !== 'pass') {
    return land('refused', `its verdict is ${judged.fact.outcome}: only a pass is deployed`);
  }
  const kept = keptFleet(merged.deploy, model);
  if (judged.fact.history !== 'unchanged') return await landProposal(name, judged, entries, { ...merged, tree, kept }, ports);
  const tip = await ports.openFleet(merged.deploy.repository).snapshot(merged.deploy.branch);
  return (await deploysOnly(judged.fact, tip, name, kept))
    ? land('up to date', 'what is merged is deployed already')
    : land('needs a check', 'what was deployed when it was judged is not what is deployed now: run fieldproof check again');
}

async function deploysOnly(
  { candidate }: VerdictFact,
  tip: FleetSnapshot,
  model: string,
  kept: KeptFleet | null,
): Promise<boolean> {
  const deployed = await readDeployed(tip, model, kept);
  return deployed.length > 0 && deployed.every(({ release }) => release.model.digest === candidate.model);
}

async function landProposal(
  model: string,
  { id, fact }: Judged,
  entries: readonly Entry[],
  { deploy, tree, kept }: Merged & { tree: string; kept: KeptFleet | null },
  ports: DeployPorts,
): Promise<Landing> {
  const ask = (reason: string): Landing => ({ model, state: 'needs a check', reason });
  const fleet = ports.openFleet(deploy.repository);
  const branch = proposalBranch(model, fact.head);
  const [proposal, tip] = await Promise.all([fleet.snapshot(branch), fleet.snapshot(deploy.branch)]);
  if (proposal.commit === null) return ask(`the fleet repository has no branch ${branch}: run fieldproof check again`);
  const written = factsOf(entries, 'proposal').findLast((entry) => entry.fact.verdict === id);
  if (written?.fact.commit !== proposal.commit) {
    return ask(`${branch} is not at the commit that the check wrote: run fieldproof check again`);
  }
  if (await deploysTheSame(proposal, tip, model, kept))
    return { model, state: 'up to date', reason: `${deploy.branch} deploys the proposal already` };
  const trailers = parseTrailers(proposal.message ?? '');
  const base = trailers['Fieldproof-Base'];
  const plan = planLanding({
    proposal: { commit: proposal.commit, trailers },
    tip: tip.commit,
    changedSinceBase: base === undefined || base === 'none' ? null : ((await tip.changedSince(base)) ?? null),
    judgedTree: fact.tree,
    mergedTree: tree,
    ...(kept === null ? {} : { ours: keptFiles(kept, model) }),
  });
  if (plan.kind === 'ask-for-new-check') return ask(plan.reason);
  const now = ports.clock.now();
  const fleetCommit = plan.kind === 'land' ? proposal.commit : await replay(fleet, proposal, tip, deploy.branch, now);
  if (plan.kind === 'land') await fleet.land(deploy.branch, proposal.commit, tip.commit);
  const { candidate, superior } = fact;
  const landed = { model, candidate, superior, verdict: id, proposal: branch, branch: deploy.branch, fleetCommit };
  await ports.ledger.append([asFact({ kind: 'deployment', ...landed, at: now.toISOString() })]);
  return { model, state: 'landed', reason: `${deploy.branch} is at ${fleetCommit.slice(0, 12)}` };
}

/** Also when it landed a while ago, and other models have since. */
async function deploysTheSame(
  proposal: FleetSnapshot,
  tip: FleetSnapshot,
  model: string,
  kept: KeptFleet | null,
): Promise<boolean> {
  if (proposal.commit === tip.commit) return true;
  const [proposed, deployed] = await Promise.all([readDeployed(proposal, model, kept), readDeployed(tip, model, kept)]);
  return canonicalJson(proposed) === canonicalJson(deployed);
}

/** Others have landed on the branch, nothing of this model: the proposal's files go onto its tip as they were judged. */
async function replay(
  fleet: FleetRepository,
  proposal: FleetSnapshot,
  tip: FleetSnapshot,
  branch: string,
  date: Date,
): Promise<string> {
  const base = parseTrailers(proposal.message ?? '')['Fieldproof-Base'] ?? '';
  const paths = (await proposal.changedSince(base)) ?? [];
  const contents = await Promise.all(paths.map(async (path) => ({ path, content: await proposal.read(path) })));
  const files = contents.flatMap(({ path, content }) => (content === undefined ? [] : [{ path, content }]));
  return await fleet.commit({ parent: tip.commit, branch, files, message: proposal.message ?? '', date });
}
