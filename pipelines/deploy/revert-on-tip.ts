import {
  commitMessage,
  type LedgerEnd,
  ledgerTrailer,
  FleetRefused,
  filesByWave,
  parseTrailers,
  planRevert,
  readDeployed,
  revertBranch,
  withFiles,
  writtenFiles,
  type FleetFile,
  type FleetRepository,
  type FleetSnapshot,
  type WrittenFile,
} from '#gitops';
import { keptFleet, type DeployConfig } from '#config';
import type { DeploymentFact, RevertFact, Hold } from '#history';
import type { DeployPorts } from './deploy-ports.ts';

export type Rollback = {
  model: string;
  /** Written before: from then on nobody deploys the release again, also when we are killed here. */
  hold: Hold;
  deployments: readonly DeploymentFact[];
  fleet: FleetRepository;
  deploy: DeployConfig;
  /** The commit of the model repository that is taken back. */
  source: string;
};

export type Reverted = Pick<RevertFact, 'outcome' | 'branch' | 'edited' | 'reason'> & { commit: string | null; at: Date };

/** One attempt on the tip as it is now. @throws FleetMoved when somebody lands meanwhile */
export async function revertOnTip(rollback: Rollback, ports: DeployPorts): Promise<Reverted> {
  const { model, hold, deployments, fleet, deploy } = rollback;
  const { branch } = deploy;
  const at = ports.clock.now();
  const left = (reason: string): Reverted => ({ outcome: 'left', commit: null, branch, edited: [], reason, at });
  const tip = await fleet.snapshot(branch);
  const writes = deployments.map(({ fleetCommit, files }) => ({ commit: fleetCommit, paths: files ?? null }));
  const written = await writtenFiles(model, writes, tip, (commit) => fleet.at(branch, commit));
  if (written === undefined) return left(`not taken back: ${branch} no longer holds the commits that deployed it`);
  const files = ofSite(written, hold.fact.site, model);
  const plan = planRevert(files, { model, record: hold.fact.verdict });
  if (plan.kind === 'leave') return left(`not taken back: ${plan.reason}`);
  if (plan.kind === 'done') return await alreadyReverted(tip, files, rollback, at);
  if (plan.kind === 'propose' || deploy.mode === 'pull-request') {
    const edited = plan.kind === 'propose' ? plan.edited : [];
    return await proposeRevert(rollback, tip, { files: plan.files, edited, why: whyProposed(edited) }, ports);
  }
  // What would be left must be something that can be read, above all where one site alone is taken back.
  await readDeployed(withFiles(tip, plan.files), model, keptFleet(deploy, model));
  try {
    const message = messageOf(rollback, [], await ports.ledger.sharedHead());
    const { commit } = await fleet.commit({ parent: tip.commit, branch, files: plan.files, message, date: at });
    return { outcome: 'committed', commit, branch, edited: [], reason: '', at };
  } catch (thrown) {
    if (!(thrown instanceof FleetRefused)) throw thrown;
    return await proposeRevert(rollback, tip, { files: plan.files, edited: [], why: `${branch} is protected` }, ports);
  }
}

/** Killed after the commit and before it was written down, or taken back by somebody else. */
async function alreadyReverted(
  tip: FleetSnapshot,
  files: readonly WrittenFile[],
  { fleet, deploy, hold }: Rollback,
  now: Date,
): Promise<Reverted> {
  const commit = (await tip.lastChange(files.map(({ path }) => path))) ?? tip.commit;
  const { message = null, date = null } = (commit === null ? undefined : await fleet.at(deploy.branch, commit)) ?? {};
  const ours = parseTrailers(message ?? '')['Fieldproof-Hold'] === hold.id;
  const reason = ours ? '' : 'it was taken back already';
  return { outcome: 'committed', commit, branch: deploy.branch, edited: [], reason, at: (ours ? date : null) ?? now };
}

function whyProposed(edited: readonly string[]): string {
  return edited.length === 0 ? 'deploy.mode is pull-request' : `edited by hand since, and left as they are: ${edited.join(', ')}`;
}

type Proposed = { files: readonly FleetFile[]; edited: readonly string[]; why: string };

async function proposeRevert(
  rollback: Rollback,
  tip: FleetSnapshot,
  { files, edited, why }: Proposed,
  ports: DeployPorts,
): Promise<Reverted> {
  const { model, deployments, fleet, deploy } = rollback;
  const branch = revertBranch(model, deployments[0]?.fleetCommit ?? '');
  const message = messageOf(rollback, edited, await ports.ledger.sharedHead());
  const at = ports.clock.now();
  const { commit: replaces } = await fleet.snapshot(branch);
  const { commit } = await fleet.commit({ parent: tip.commit, branch, files, message, date: at, replaces });
  const [title = '', ...body] = message.split('\n');
  const opened = await ports.pullRequests?.propose({ head: branch, base: deploy.branch, title, body: body.join('\n').trim() });
  const place =
    opened === undefined
      ? `${branch} in ${deploy.repository}: open a pull request from it`
      : `pull request #${opened.number}: ${opened.url}`;
  return { outcome: 'proposed', commit, branch, edited, reason: `what takes it back waits for a person (${why}), ${place}`, at };
}

function messageOf({ model, hold, deployments }: Rollback, edited: readonly string[], ledger: LedgerEnd | null): string {
  const { fact, id } = hold;
  const at = fact.site === null ? '' : ` at ${fact.site}`;
  const kept = edited.map((path) => `- left as it is, for somebody has edited it since: ${path}`);
  return commitMessage({
    subject: `Revert ${model}${at} to what ran before ${deployments[0]?.fleetCommit.slice(0, 12) ?? ''}`,
    body: [fact.reason, ...kept].join('\n'),
    trailers: {
      'Fieldproof-Model': model,
      'Fieldproof-Record': fact.verdict,
      'Fieldproof-Reverts': deployments.map(({ fleetCommit }) => fleetCommit).join(' '),
      'Fieldproof-Hold': id,
      'Fieldproof-By': fact.by,
      ...ledgerTrailer(ledger),
    },
  });
}

function ofSite(files: readonly WrittenFile[], site: string | null, model: string): readonly WrittenFile[] {
  if (site === null) return files;
  return filesByWave(files, [[], [{ site, chipset: '' }]], model)[1] ?? [];
}
