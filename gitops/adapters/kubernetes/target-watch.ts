import { formatDuration } from '#kernel';
import { combine, withReplay } from '../../rollout/combine.ts';
import { isPodOf, judgePods, type PodsJudgement, type RunningPod } from '../../rollout/judge-pods.ts';
import { atDeadline, hasEnded, soFar, type Judgement } from '../../rollout/judgement.ts';
import type { Standings } from '../../rollout/revision.ts';
import type { FleetHistory, Rollout, RolloutTarget, CommitRelation } from '../../rollout/rollout.ts';
import type { ResourceFeed } from '#kubernetes/adapters';
import { stateOf, type Witness } from './witness.ts';

export type TargetOptions = {
  witness: Witness;
  /** Of what shows it a clip, where that is an object of its own. */
  replay: Witness | null;
  /** Null where nobody can look at its pods. */
  pods: ResourceFeed<RunningPod> | null;
  history: FleetHistory;
  /** Git has said how a commit stands: the target can be looked at anew. */
  onStanding: () => void;
};

/** Milliseconds before Git is asked again what it could not say. */
const ASK_AGAIN = 10_000;

/** One target while it is watched: what it is now, and what it ended as. */
export class TargetWatch {
  readonly target: RolloutTarget;
  readonly #options: TargetOptions;
  readonly #relations: Map<string, CommitRelation | 'asked'>;
  #shown: Rollout | null = null;
  #ended = false;

  constructor(target: RolloutTarget, options: TargetOptions) {
    this.target = target;
    this.#options = options;
    this.#relations = new Map([[target.commit, 'same']]);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** What it was when it was last looked at. */
  get rollout(): Rollout {
    return this.#shown ?? { state: 'unknown', reason: 'nothing has been heard of it yet', revision: null };
  }

  /** Looks at what is known now. Returns what has become of it, where that is something else than before. */
  look(): Rollout | null {
    if (this.#ended) return null;
    const feeds = this.#feeds();
    if (feeds.state === 'starting') return null;
    if (feeds.state === 'lost') return this.#show(this.#lost(feeds.words));
    if (this.#askGit()) return null;
    const judgement = this.#judge();
    if (hasEnded(judgement)) this.#ended = true;
    else this.#awaited().hurry(this.#relation);
    // Pods whose list is on its way say in a moment what it is: until then only what has ended is worth a word.
    if (!this.#ended && this.#options.pods?.state.state === 'starting') return null;
    return this.#show(soFar(judgement));
  }

  /** Its time is over. */
  end(): Rollout | null {
    if (this.#ended) return null;
    this.#ended = true;
    const feeds = this.#feeds();
    const time = formatDuration(this.target.timeout);
    if (feeds.state === 'starting') return this.#show(this.#lost(`nothing has answered in ${time}`));
    if (feeds.state === 'lost') return this.#show(this.#lost(feeds.words));
    return this.#show(atDeadline(this.#judge(), this.#awaited().contacts(this.#relation), time));
  }

  #judge(): Judgement {
    const { replay } = this.#options;
    const release = this.#judgeRelease();
    return replay === null || release.state !== 'healthy' ? release : withReplay(release, replay.judge(this.#relation));
  }

  #judgeRelease(): Judgement {
    return combine(this.#options.witness.judge(this.#relation), this.#seePods());
  }

  /** Whose turn it is: nothing is shown to a release before it is healthy. */
  #awaited(): Witness {
    const { witness, replay } = this.#options;
    return replay !== null && this.#judgeRelease().state === 'healthy' ? replay : witness;
  }

  /** Pods that can't be seen keep a target from being healthy, not from failing. */
  #seePods(): PodsJudgement | null {
    const { pods } = this.#options;
    const { pods: place, digests } = this.target;
    if (pods === null || place === null) return null;
    if (pods.state.state === 'lost') return { running: 'unseen', reason: pods.state.words };
    if (pods.state.state === 'starting') return { running: 'unseen', reason: 'not listed yet' };
    return judgePods(
      [...pods.all()].filter((pod) => isPodOf(pod, place)),
      digests,
    );
  }

  #feeds() {
    const { witness, pods } = this.#options;
    const controller = stateOf(witness.feeds);
    return controller.state === 'following' && pods?.state.state === 'lost' ? pods.state : controller;
  }

  #lost(words: string): Rollout {
    return { state: 'unknown', reason: words, revision: this.#shown?.revision ?? null };
  }

  readonly #relation: Standings = (commit) => {
    const known = this.#relations.get(commit);
    return known === undefined || known === 'asked' ? 'unknown' : known;
  };

  /** Asks Git about commits that it has not been asked about. Returns whether an answer is awaited. */
  #askGit(): boolean {
    const { witness, replay } = this.#options;
    for (const commit of new Set([...witness.commits(), ...(replay?.commits() ?? [])])) {
      if (this.#relations.has(commit)) continue;
      this.#relations.set(commit, 'asked');
      void this.#options.history.relation(this.target, commit).then(
        (relation) => this.#learn(commit, relation),
        () => this.#learn(commit, 'unknown'),
      );
    }
    return [...this.#relations.values()].includes('asked');
  }

  #learn(commit: string, relation: CommitRelation): void {
    this.#relations.set(commit, relation);
    this.#options.onStanding();
    // It may be a commit that has not been fetched yet, or Git may not have answered.
    if (relation === 'unknown') setTimeout(() => this.#forget(commit), ASK_AGAIN).unref();
  }

  #forget(commit: string): void {
    this.#relations.delete(commit);
    if (!this.#ended) this.#options.onStanding();
  }

  #show(rollout: Rollout): Rollout | null {
    const before = this.#shown;
    this.#shown = rollout;
    const same = before?.state === rollout.state && before.reason === rollout.reason && before.revision === rollout.revision;
    return same ? null : rollout;
  }
}
