import { canonicalJson, CouldNotRun, type Clock, type Digest } from '#kernel';
import { parseTrailers, planLanding, proposalBranch, readDeployed, type FleetRepository, type FleetSnapshot } from '#gitops';
import type { Ledger } from '#ledger';
import { asFact, factsOf, type VerdictFact } from '../check/facts.ts';
import { configFile, readConfig, type Config, type DeployConfig } from '../config/config.ts';
import type { ModelRepository } from '../model-repository.ts';

export type DeployPorts = {
  repository: ModelRepository;
  ledger: Ledger;
  openFleet: (location: string) => FleetRepository;
  clock: Clock;
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

async function landModel({ name, build }: Config['models'][number], merged: Merged, ports: DeployPorts): Promise<Landing> {
  const tree = await ports.repository.treeOf(merged.commit, build);
  const verdicts = factsOf(await ports.ledger.entries(), 'verdict').filter(({ fact }) => fact.model === name);
  const judged = verdicts.findLast(({ fact }) => fact.tree === tree);
  if (tree === null || judged === undefined) {
    return {
      model: name,
      state: 'needs a check',
      reason: `the merged ${build} has never been judged: run fieldproof check on it`,
    };
  }
  if (judged.fact.outcome !== 'pass') {
    return { model: name, state: 'refused', reason: `its verdict is ${judged.fact.outcome}: only a pass is deployed` };
  }
  if (judged.fact.history === 'unchanged')
    return { model: name, state: 'up to date', reason: 'what is merged is deployed already' };
  return await landProposal(name, judged, { ...merged, tree }, ports);
}

async function landProposal(
  model: string,
  { id, fact }: { id: Digest; fact: VerdictFact },
  { deploy, tree }: Merged & { tree: string },
  { ledger, openFleet, clock }: DeployPorts,
): Promise<Landing> {
  const fleet = openFleet(deploy.repository);
  const branch = proposalBranch(model, fact.head);
  const [proposal, tip] = await Promise.all([fleet.snapshot(branch), fleet.snapshot(deploy.branch)]);
  if (proposal.commit === null) {
    return { model, state: 'needs a check', reason: `the fleet repository has no branch ${branch}: run fieldproof check again` };
  }
  if (await deploysTheSame(proposal, tip, model))
    return { model, state: 'up to date', reason: `${deploy.branch} deploys the proposal already` };
  const trailers = parseTrailers(proposal.message ?? '');
  const base = trailers['Fieldproof-Base'];
  const plan = planLanding({
    proposal: { commit: proposal.commit, trailers },
    tip: tip.commit,
    changedSinceBase: base === undefined || base === 'none' ? null : ((await tip.changedSince(base)) ?? null),
    judgedTree: fact.tree,
    mergedTree: tree,
  });
  if (plan.kind === 'ask-for-new-check') return { model, state: 'needs a check', reason: plan.reason };
  const fleetCommit = plan.kind === 'land' ? proposal.commit : await replay(fleet, proposal, tip, deploy.branch, clock.now());
  if (plan.kind === 'land') await fleet.land(deploy.branch, proposal.commit, tip.commit);
  await ledger.append([
    asFact({
      kind: 'deployment',
      model,
      candidate: fact.candidate,
      superior: fact.superior,
      verdict: id,
      proposal: branch,
      branch: deploy.branch,
      fleetCommit,
      at: clock.now().toISOString(),
    }),
  ]);
  return { model, state: 'landed', reason: `${deploy.branch} is at ${fleetCommit.slice(0, 12)}` };
}

/** Also when it landed a while ago, and other models have since. */
async function deploysTheSame(proposal: FleetSnapshot, tip: FleetSnapshot, model: string): Promise<boolean> {
  if (proposal.commit === tip.commit) return true;
  const [proposed, deployed] = await Promise.all([readDeployed(proposal, model), readDeployed(tip, model)]);
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
