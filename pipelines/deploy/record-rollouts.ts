import type { Rollout, RolloutTarget } from '#gitops';
import { asFact, factsOf } from '../check/facts.ts';
import type { DeploymentState } from '../code-host.ts';
import type { RolloutFact } from './deploy-facts.ts';
import { readEntries, type DeployPorts } from './deploy-ports.ts';
import { tellDeployments } from './tell-deployments.ts';

export type RolloutRecorder = {
  /** One thing after the other, in the order in which they were seen. */
  onChange: (target: RolloutTarget, rollout: Rollout) => void;
  /** Resolves when all is written. @throws what went wrong while writing */
  flush: () => Promise<void>;
};

/** Writes each change of a rollout to the ledger as it is seen, and shows it on the code host. The same twice is one. */
export async function recordRollouts(source: string, ports: DeployPorts): Promise<RolloutRecorder> {
  const last = new Map(factsOf(await readEntries(ports), 'rollout').map(({ fact }) => [placeOf(fact), wordsOf(fact)]));
  let writing: Promise<unknown> = Promise.resolve();
  let failure: unknown;
  const write = async (fact: RolloutFact) => {
    await ports.ledger.append([asFact(fact)]);
    const { model, site, chipset, reason } = fact;
    const state = STATES[fact.state];
    if (state !== null) {
      await tellDeployments({ model, commit: source, places: [{ site, chipset }], state, description: reason }, ports);
    }
  };
  return {
    onChange: ({ model, site, chipset, commit }, { state, reason, revision }) => {
      const at = ports.clock.now().toISOString();
      const fact: RolloutFact = { kind: 'rollout', model, site, chipset, fleetCommit: commit, state, reason, revision, at };
      if (last.get(placeOf(fact)) === wordsOf(fact)) return;
      last.set(placeOf(fact), wordsOf(fact));
      writing = writing.then(() => write(fact)).catch((thrown: unknown) => (failure ??= thrown));
    },
    flush: async () => {
      await writing;
      if (failure !== undefined) throw failure;
    },
  };
}

/** GitHub has no word for unknown, and it is no error of the release: then the last state stays. */
const STATES: Readonly<Record<Rollout['state'], DeploymentState | null>> = {
  progressing: 'in_progress',
  healthy: 'success',
  failed: 'failure',
  superseded: 'inactive',
  unknown: null,
};

const placeOf = ({ model, site, chipset, fleetCommit }: RolloutFact) => [model, site, chipset, fleetCommit].join(' ');
const wordsOf = ({ state, reason, revision }: RolloutFact) => [state, revision, reason].join(' ');
