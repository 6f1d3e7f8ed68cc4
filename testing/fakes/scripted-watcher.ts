import type { Rollout, RolloutTarget, RolloutWatcher } from '#gitops';

/** What the controller makes of a target, as a test has it; several are said one after the other, and the last one stays. */
export type Script = (target: RolloutTarget) => Rollout | readonly Rollout[] | Promise<Rollout>;

const says =
  (state: Rollout['state'], reason: string) =>
  (target: RolloutTarget): Rollout => ({ state, reason, revision: target.commit });
export const healthy = says('healthy', 'ReconciliationSucceeded');
export const failed = says('failed', 'HealthCheckFailed: deployment not ready');
export const unknown = says('unknown', 'the cluster does not answer');

/** A watcher whose controllers answer from a script. Keeps every target that it was asked about, in order. */
export class ScriptedWatcher implements RolloutWatcher {
  readonly asked: RolloutTarget[] = [];
  readonly #script: Script;

  constructor(script: Script = healthy) {
    this.#script = script;
  }

  async watch(
    targets: readonly RolloutTarget[],
    { onChange }: { onChange: (target: RolloutTarget, rollout: Rollout) => void },
  ): Promise<ReadonlyMap<RolloutTarget, Rollout>> {
    const answers = new Map<RolloutTarget, Rollout>();
    for (const target of targets) {
      this.asked.push(target);
      const said = await this.#script(target);
      const rollouts = 'state' in said ? [said] : said;
      for (const rollout of rollouts) {
        answers.set(target, rollout);
        onChange(target, rollout);
      }
    }
    return answers;
  }

  /** `site@commit` of each question. */
  get places(): string[] {
    return this.asked.map(({ site, commit }) => `${site}@${commit.slice(0, 7)}`);
  }
}
