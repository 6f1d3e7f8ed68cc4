import type { Contact, Judgement } from '../../rollout/judgement.ts';
import type { Standings } from '../../rollout/revision.ts';
import type { FeedState, ResourceFeed } from '#kubernetes/adapters';

/** Who can say something of one target: its controller, by its object in the cluster. */
export interface Witness {
  readonly feeds: readonly ResourceFeed<unknown>[];
  /** Commits that it speaks of. */
  commits(): readonly string[];
  judge(relations: Standings): Judgement;
  /** Asks the controllers to look now, where they have not come to this release yet. */
  hurry(relations: Standings): void;
  /** Whether the controllers have shown that they are there. */
  contacts(relations: Standings): readonly Contact[];
}

/** Following only where all do; else what keeps the worst one. */
export function stateOf(feeds: readonly ResourceFeed<unknown>[]): FeedState {
  const states = feeds.map(({ state }) => state);
  return (
    states.find(({ state }) => state === 'lost') ?? states.find(({ state }) => state === 'starting') ?? { state: 'following' }
  );
}
