import { isDeepStrictEqual } from 'node:util';
import { commitsOfArgo, judgeArgo, type ArgoApplication } from '../../rollout/judge-argo.ts';
import type { Contact, Judgement } from '../../rollout/judgement.ts';
import type { Standings } from '../../rollout/revision.ts';
import type { RolloutTarget } from '../../rollout/rollout.ts';
import { type Cluster, type ResourceFeed, APPLICATIONS, pathOf } from '#kubernetes/adapters';
import { REFRESH } from './read-argo.ts';
import type { Witness } from './witness.ts';

/** An Application. */
export class ArgoWitness implements Witness {
  readonly #cluster: Cluster;
  readonly #object: RolloutTarget['object'];
  readonly #applications: ResourceFeed<ArgoApplication>;
  readonly #replay: RolloutTarget['replay'];
  #first: ArgoApplication | null = null;
  /** The health now, and the one before it. */
  #health: [now: string | null, before: string | null] = [null, null];

  constructor(
    cluster: Cluster,
    { object, replay }: Pick<RolloutTarget, 'object' | 'replay'>,
    applications: ResourceFeed<ArgoApplication>,
  ) {
    this.#cluster = cluster;
    this.#object = object;
    this.#replay = replay;
    this.#applications = applications;
  }

  get feeds(): readonly ResourceFeed<unknown>[] {
    return [this.#applications];
  }

  commits(): readonly string[] {
    return commitsOfArgo(this.#application());
  }

  judge(relations: Standings): Judgement {
    const application = this.#application();
    return judgeArgo({ application, previousHealth: this.#health[1], replay: this.#replay }, this.#name, relations);
  }

  hurry(): void {
    if (this.#application() !== null) this.#cluster.ask(this.#path, { [REFRESH]: 'normal' });
  }

  contacts(): readonly Contact[] {
    const application = this.#application();
    if (application === null) return [];
    const asked = this.#cluster.asked(this.#path) !== null;
    const changed = this.#first !== null && !isDeepStrictEqual(withoutRequest(application), withoutRequest(this.#first));
    return [{ who: `Argo CD (Application ${this.#name})`, asked, answered: changed || (asked && !application.refreshing) }];
  }

  get #name(): string {
    return `${this.#object.namespace}/${this.#object.name}`;
  }

  get #path(): string {
    return pathOf(APPLICATIONS, this.#object);
  }

  #application(): ArgoApplication | null {
    const application = this.#applications.get(this.#object) ?? null;
    if (application === null) return null;
    this.#first ??= application;
    const { status } = application.health;
    if (status !== this.#health[0]) this.#health = [status, this.#health[0]];
    return application;
  }
}

/** The annotation that we set ourselves is no sign of anybody else. */
function withoutRequest(application: ArgoApplication): ArgoApplication {
  return { ...application, refreshing: false };
}
