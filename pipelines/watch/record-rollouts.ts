import type { Clock, Progress } from '#kernel';
import type { Rollout, RolloutTarget } from '#gitops';
import type { Ledger } from '#ledger';
import { factsOf, KnownRollouts, type RolloutFact, type KnownState, type VerifiedFact, appendFacts } from '#history';
import { type Deployments, type DeploymentState, showDeployments } from '#codehost';

export type RecordPorts = {
  ledger: Ledger;
  clock: Clock;
  progress: Progress;
  /** Of the model repository; null where it has no code host that we know. */
  deployments: Deployments | null;
};

export type RolloutRecorder = {
  onChange: (target: RolloutTarget, rollout: Rollout) => void;
  /** Resolves when all that was seen is written. @throws what went wrong while writing */
  flush: () => Promise<void>;
  /** The last that was seen of a target, and since when; undefined where nothing was. */
  stateOf: (target: RolloutTarget) => KnownState | undefined;
};

/**
 * Writes each change of state to the ledger as it is seen, and shows it on the code host: what a run before this one has
 * written is not written again.
 * @param sourceOf the commit of the model repository that a model's release comes from; null where nobody knows
 */
export async function recordRollouts(sourceOf: (model: string) => string | null, ports: RecordPorts): Promise<RolloutRecorder> {
  const entries = await ports.ledger.entries();
  const known = new KnownRollouts(
    factsOf(entries, 'rollout').map(({ fact }) => fact),
    factsOf(entries, 'verified').map(({ fact }) => fact),
  );
  const waiting: (RolloutFact | VerifiedFact)[] = [];
  let writing = Promise.resolve();
  let failure: { thrown: unknown } | null = null;
  /** All that is waiting goes in one append: the changes of a large fleet come faster than commits can be made. */
  const write = async () => {
    const facts = waiting.splice(0);
    if (facts.length > 0) await appendFacts(ports.ledger, facts);
    for (const fact of facts) if (fact.kind === 'rollout') await showOnCodeHost(fact, sourceOf(fact.model), ports);
  };
  return {
    onChange: ({ model, site, chipset, commit: fleetCommit }, rollout) => {
      const news = known.learn({ model, site, chipset, fleetCommit }, rollout, ports.clock.now().toISOString());
      if (news.length === 0) return;
      waiting.push(...news);
      writing = writing.then(write).catch((thrown: unknown) => void (failure ??= { thrown }));
    },
    flush: async () => {
      await writing;
      if (failure !== null) throw failure.thrown;
    },
    stateOf: ({ model, site, chipset, commit: fleetCommit }) => known.stateOf({ model, site, chipset, fleetCommit }),
  };
}

/** GitHub has no word for unknown, and it is no error of the release: then the last state stays. */
const SHOWN: Readonly<Record<Rollout['state'], DeploymentState | null>> = {
  progressing: 'in_progress',
  healthy: 'success',
  failed: 'failure',
  superseded: 'inactive',
  unknown: null,
};

async function showOnCodeHost(fact: RolloutFact, commit: string | null, ports: RecordPorts): Promise<void> {
  const { model, site, chipset, reason: description } = fact;
  const state = SHOWN[fact.state];
  if (state === null || commit === null) return;
  await showDeployments({ model, commit, places: [{ site, chipset }], state, description }, ports);
}
