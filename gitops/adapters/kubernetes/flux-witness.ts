import { isDeepStrictEqual } from 'node:util';
import {
  commitsOfFlux,
  holdsOurs,
  judgeFlux,
  type FluxKustomization,
  type FluxSource,
  type FluxView,
} from '../../rollout/judge-flux.ts';
import type { Contact, Judgement } from '../../rollout/judgement.ts';
import { commitIn, isOurs, type Standings } from '../../rollout/revision.ts';
import type { RolloutTarget } from '../../rollout/rollout.ts';
import { type Cluster, type ResourceFeed, KUSTOMIZATIONS, pathOf, SOURCES } from '#kubernetes/adapters';
import { readSource } from './read-flux.ts';
import type { Witness } from './witness.ts';

/** What asks a Flux controller to reconcile now; it repeats the value in `status.lastHandledReconcileAt` when it has. */
const REQUEST = 'reconcile.fluxcd.io/requestedAt';

/** A Kustomization and the source that it reads. */
export class FluxWitness implements Witness {
  readonly #cluster: Cluster;
  readonly #object: RolloutTarget['object'];
  readonly #kustomizations: ResourceFeed<FluxKustomization>;
  #first: { kustomization?: FluxKustomization; source?: FluxSource } = {};

  constructor(cluster: Cluster, object: RolloutTarget['object'], kustomizations: ResourceFeed<FluxKustomization>) {
    this.#cluster = cluster;
    this.#object = object;
    this.#kustomizations = kustomizations;
  }

  /** A source that can't be looked at hides nothing of the release, only words: it is waited for by nobody. */
  get feeds(): readonly ResourceFeed<unknown>[] {
    return [this.#kustomizations];
  }

  commits(): readonly string[] {
    return commitsOfFlux(this.#view());
  }

  judge(relations: Standings): Judgement {
    return judgeFlux(this.#view(), this.#name, relations);
  }

  /** The source first: a Kustomization that reconciles before its source has fetched would only repeat what it said. */
  hurry(relations: Standings): void {
    const { kustomization, source } = this.#view();
    if (kustomization === null || this.#sources(kustomization)?.state.state === 'starting') return;
    const request = { [REQUEST]: new Date().toISOString() };
    const sourcePath = pathOfSource(source);
    if (source !== null && sourcePath !== null && !holdsOurs(source, relations)) return this.#cluster.ask(sourcePath, request);
    if (!isAt(kustomization.lastAttemptedRevision, relations)) this.#cluster.ask(pathOf(KUSTOMIZATIONS, this.#object), request);
  }

  /** Who is waited for: the source's controller until it has this commit, then the other one until it has applied it. */
  contacts(relations: Standings): readonly Contact[] {
    const { kustomization, source } = this.#view();
    if (kustomization === null || isAt(kustomization.lastAppliedRevision, relations)) return [];
    const path = pathOfSource(source);
    const tried = isAt(kustomization.lastAttemptedRevision, relations);
    if (!tried && source !== null && path !== null && !holdsOurs(source, relations)) {
      const who = `source-controller (${source.kind} ${source.namespace}/${source.name})`;
      return [this.#contact(who, path, source, this.#first.source)];
    }
    const own = pathOf(KUSTOMIZATIONS, this.#object);
    return [this.#contact(`kustomize-controller (Kustomization ${this.#name})`, own, kustomization, this.#first.kustomization)];
  }

  get #name(): string {
    return `${this.#object.namespace}/${this.#object.name}`;
  }

  #contact<T extends { lastHandledReconcileAt: string | null }>(
    who: string,
    path: string,
    now: T,
    first: T | undefined,
  ): Contact {
    const request = this.#cluster.asked(path);
    const handled = request !== null && now.lastHandledReconcileAt === request[REQUEST];
    return { who, asked: request !== null, answered: handled || (first !== undefined && !isDeepStrictEqual(now, first)) };
  }

  #view(): FluxView {
    const kustomization = this.#kustomizations.get(this.#object) ?? null;
    const source = kustomization === null ? null : this.#source(kustomization);
    if (kustomization !== null) this.#first.kustomization ??= kustomization;
    if (source !== null) this.#first.source ??= source;
    return { kustomization, source };
  }

  #source(kustomization: FluxKustomization): FluxSource | null {
    return this.#sources(kustomization)?.get(kustomization.source) ?? null;
  }

  #sources({ source }: FluxKustomization): ResourceFeed<FluxSource> | null {
    const api = SOURCES.get(source.kind);
    if (api === undefined) return null;
    const path = `${api.base}/namespaces/${encodeURIComponent(source.namespace)}/${api.plural}`;
    return this.#cluster.feed({ path, query: {} }, readSource(source.kind));
  }
}

function isAt(revision: string | null, relations: Standings): boolean {
  const commit = commitIn(revision);
  return commit !== null && isOurs(relations(commit));
}

function pathOfSource(source: FluxSource | null): string | null {
  const api = source === null ? undefined : SOURCES.get(source.kind);
  return source === null || api === undefined ? null : pathOf(api, source);
}
