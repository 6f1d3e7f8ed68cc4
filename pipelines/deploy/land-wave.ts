import { CouldNotRun } from '#kernel';
import {
  contestedPaths,
  deploysAlike,
  outOfTurn,
  parseTrailers,
  planLanding,
  readDeployed,
  withFiles,
  type DeployedAt,
  type FleetSnapshot,
} from '#gitops';
import { keptFleet } from '#config';
import { againWhenMoved } from './again-when-moved.ts';
import type { DeployPorts } from './deploy-ports.ts';
import { baseOf, type ReleaseInFlight, type Wave } from './gather-release.ts';

export type Landed =
  /** `fresh`: by this very call. */
  | { kind: 'landed'; commit: string; fresh: boolean }
  | { kind: 'proposed'; reason: string }
  | { kind: 'needs a check'; reason: string };

/**
 * Brings one wave onto the branch that the controllers read: a commit with its files alone, on the tip as it is at that
 * moment. What is there already is left alone, so a run that was killed goes on where it stood.
 */
export async function landWave(release: ReleaseInFlight, wave: Wave, ports: DeployPorts): Promise<Landed> {
  return await againWhenMoved(ports.clock, () => tryToLand(release, wave, ports));
}

async function tryToLand(release: ReleaseInFlight, wave: Wave, ports: DeployPorts): Promise<Landed> {
  const { fleet, merged, model, proposal } = release;
  const { branch, mode } = merged.deploy;
  const tip = await fleet.snapshot(branch);
  const deployed = await readDeployed(tip, model, keptFleet(merged.deploy, model));
  if (
    tip.commit !== null &&
    (tip.commit === proposal.snapshot.commit || deploysAlike(deployed, proposal.deployed, wave.places))
  ) {
    const paths = wave.files.map(({ path }) => path);
    return { kind: 'landed', commit: (await tip.lastChange(paths)) ?? tip.commit, fresh: false };
  }
  const plan = await planOn(tip, release);
  if (plan.kind === 'ask-for-new-check') return { kind: 'needs a check', reason: plan.reason };
  await refuseOutOfTurn(tip, deployed, wave, release);
  if (mode === 'pull-request') return await propose(release, wave, tip, ports);
  if (plan.kind === 'land' && wave.of === 1) {
    const { commit, moved } = await fleet.land(branch, proposal.snapshot.commit, tip.commit);
    return { kind: 'landed', commit, fresh: moved };
  }
  const message = messageOf(release, wave);
  const change = { parent: tip.commit, branch, files: wave.files, message, date: ports.clock.now() };
  const { commit, moved } = await fleet.commit(change);
  return { kind: 'landed', commit, fresh: moved };
}

async function planOn(tip: FleetSnapshot, { model, judged, tree, proposal }: ReleaseInFlight) {
  const { snapshot, written } = proposal;
  const base = baseOf(snapshot);
  return planLanding({
    proposal: { commit: snapshot.commit, trailers: parseTrailers(snapshot.message ?? '') },
    tip: tip.commit,
    contested: await contestedPaths(snapshot, tip, { model, base, written }),
    judgedTree: judged.fact.tree,
    mergedTree: tree,
  });
}

/** A layout that keeps two sites in one file cannot release to one of them alone. */
async function refuseOutOfTurn(
  tip: FleetSnapshot,
  before: readonly DeployedAt[],
  wave: Wave,
  { model, merged }: ReleaseInFlight,
): Promise<void> {
  if (wave.of === 1) return;
  const [early] = outOfTurn(
    before,
    await readDeployed(withFiles(tip, wave.files), model, keptFleet(merged.deploy, model)),
    wave.places,
  );
  if (early === undefined) return;
  const sites = [...new Set(wave.places.map(({ site }) => site))].join(', ');
  throw new CouldNotRun({
    file: 'fieldproof.yaml',
    field: 'deploy.sites',
    message: `${early.site} would get ${model} together with ${sites}, in whose files it is kept, and it is not its turn`,
    remedy: 'keep each site in files that its name is in the path of, or release to all at once with --no-wait',
  });
}

/** The code host merges, so a proposal that stands behind the tip is as good as one on it. */
async function propose(release: ReleaseInFlight, wave: Wave, tip: FleetSnapshot, ports: DeployPorts): Promise<Landed> {
  const { fleet, merged, proposal } = release;
  const base = merged.deploy.branch;
  if (tip.commit === null) throw noBase(merged.deploy.repository, base);
  const message = messageOf(release, wave);
  let head = proposal.branch;
  if (wave.of > 1) {
    head = `${proposal.branch}-wave-${wave.number}`;
    const { commit: replaces } = await fleet.snapshot(head);
    await fleet.commit({ parent: tip.commit, branch: head, files: wave.files, message, date: merged.at, replaces });
  }
  const sites = wave.of > 1 ? ` for wave ${wave.number} of ${wave.of} (${sitesOf(wave)})` : '';
  if (ports.pullRequests === null) {
    const reason = `${head} waits in ${merged.deploy.repository}${sites}: open a pull request from it into ${base}, and run fieldproof deploy again when it is merged`;
    return { kind: 'proposed', reason };
  }
  const [title = '', ...rest] = message.split('\n');
  const { number, url } = await ports.pullRequests.propose({ head, base, title, body: rest.join('\n').trim() });
  return { kind: 'proposed', reason: `pull request #${number}${sites} waits to be merged into ${base}: ${url}` };
}

function noBase(repository: string, branch: string): CouldNotRun {
  const message = `there is no branch ${branch} yet, into which a pull request could be merged`;
  return new CouldNotRun({ file: repository, message, remedy: 'push a first commit to it, such as a README' });
}

/** As the check wrote it, for its trailers say of what it comes; a wave of several says which one it is. */
function messageOf({ proposal }: ReleaseInFlight, wave: Wave): string {
  const message = proposal.snapshot.message ?? '';
  if (wave.of === 1) return message;
  const [subject = '', ...rest] = message.trimEnd().split('\n');
  const trailers = [
    `Fieldproof-Proposal: ${proposal.snapshot.commit}`,
    `Fieldproof-Wave: ${wave.number}/${wave.of} ${sitesOf(wave)}`,
  ];
  return [`${subject}: wave ${wave.number} of ${wave.of}`, ...rest, ...trailers, ''].join('\n');
}

export function sitesOf({ places }: Pick<Wave, 'places'>): string {
  return [...new Set(places.map(({ site }) => site))].join(', ');
}
