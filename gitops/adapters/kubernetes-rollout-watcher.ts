import type { FleetHistory, Rollout, RolloutTarget, RolloutWatcher } from '../rollout/rollout.ts';
import {
  ApiConnection,
  PATIENCE,
  type Patience,
  noCalls,
  type ApiCalls,
  Cluster,
  KubeconfigFiles,
  PACE,
  type Pace,
  APPLICATIONS,
  KUSTOMIZATIONS,
  selectObjects,
  selectPods,
} from '#kubernetes/adapters';
import { ArgoWitness } from './kubernetes/argo-witness.ts';
import { FluxWitness } from './kubernetes/flux-witness.ts';
import { readApplication } from './kubernetes/read-argo.ts';
import { readKustomization } from './kubernetes/read-flux.ts';
import { readPod } from './kubernetes/read-pod.ts';
import { TargetWatch } from './kubernetes/target-watch.ts';
import type { Witness } from './kubernetes/witness.ts';

export type KubernetesWatcherOptions = {
  /** KUBECONFIG and HOME, as kubectl has them. */
  environment: Readonly<Record<string, string | undefined>>;
  pace?: Pace;
  patience?: Patience;
};

/** Null where this machine has no kubeconfig, and so no way to any cluster. */
export function kubernetesWatcher(environment: KubernetesWatcherOptions['environment']): KubernetesRolloutWatcher | null {
  return new KubeconfigFiles(environment).isThere ? new KubernetesRolloutWatcher({ environment }) : null;
}

type WatchOptions = Parameters<RolloutWatcher['watch']>[1];

/** Milliseconds within which changes are looked at together: a rollout changes a dozen objects at once. */
const TOGETHER = 25;

/** Watches the controllers and pods of a fleet through the API servers of its clusters. */
export class KubernetesRolloutWatcher implements RolloutWatcher {
  readonly #options: KubernetesWatcherOptions;
  /** What all watching so far has cost. */
  readonly calls: ApiCalls = noCalls();

  constructor(options: KubernetesWatcherOptions) {
    this.#options = options;
  }

  async watch(targets: readonly RolloutTarget[], options: WatchOptions): Promise<ReadonlyMap<RolloutTarget, Rollout>> {
    const fleet = new FleetWatch(targets, options, { ...this.#options, calls: this.calls });
    return await fleet.done;
  }
}

type Seat = { watch: TargetWatch; clusters: readonly Cluster[]; timer: NodeJS.Timeout };

/** One run of the watcher. A cluster is let go as soon as nothing in it is watched any more. */
class FleetWatch {
  readonly done: Promise<ReadonlyMap<RolloutTarget, Rollout>>;
  readonly #options: WatchOptions;
  readonly #clusters = new Map<string, Cluster>();
  readonly #seats = new Set<Seat>();
  readonly #results = new Map<RolloutTarget, Rollout>();
  readonly #dirty = new Set<Cluster | TargetWatch>();
  #soon: NodeJS.Timeout | null = null;
  #settle: (results: ReadonlyMap<RolloutTarget, Rollout>) => void = () => {};
  #fail: (thrown: unknown) => void = () => {};
  readonly #abort = (): void => this.#stop();

  constructor(targets: readonly RolloutTarget[], options: WatchOptions, adapter: KubernetesWatcherOptions & { calls: ApiCalls }) {
    this.#options = options;
    const settled = Promise.withResolvers<ReadonlyMap<RolloutTarget, Rollout>>();
    this.done = settled.promise;
    this.#settle = settled.resolve;
    this.#fail = settled.reject;
    const kubeconfig = new KubeconfigFiles(adapter.environment);
    const { calls, pace = PACE, patience = PATIENCE } = adapter;
    for (const context of new Set(targets.flatMap((target) => contextsOf(target)))) {
      const connection = new ApiConnection(kubeconfig, context, { calls, patience });
      const cluster: Cluster = new Cluster({
        connection,
        pace,
        onChange: () => this.#lookSoon(cluster),
        onFault: (thrown) => this.#break(thrown),
      });
      this.#clusters.set(context ?? '', cluster);
    }
    for (const target of targets) this.#seat(target, targets, options.history);
    if (targets.length === 0) this.#settle(this.#results);
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted === true) this.#stop();
  }

  #seat(target: RolloutTarget, all: readonly RolloutTarget[], history: FleetHistory): void {
    const own = this.#cluster(target.context);
    const neighbours = all.filter(({ context }) => context === target.context);
    const watch: TargetWatch = new TargetWatch(target, {
      ...witnessesOf(target, own, neighbours),
      pods: target.pods === null ? null : this.#podsOf(target.pods.context, all),
      history,
      onStanding: () => this.#lookSoon(watch),
    });
    const timer = setTimeout(() => this.#guarded(() => this.#overdue(seat)), target.timeout);
    const seat: Seat = { watch, clusters: contextsOf(target).map((context) => this.#cluster(context)), timer };
    this.#seats.add(seat);
  }

  #podsOf(context: string | null, all: readonly RolloutTarget[]) {
    const places = all.flatMap(({ pods }) => (pods !== null && pods.context === context ? [pods] : []));
    return this.#cluster(context).feed(selectPods(places), readPod);
  }

  #cluster(context: string | null): Cluster {
    const cluster = this.#clusters.get(context ?? '');
    if (cluster === undefined) throw new TypeError(`no cluster of context ${context} is open`);
    return cluster;
  }

  #lookSoon(what: Cluster | TargetWatch): void {
    this.#dirty.add(what);
    this.#soon ??= setTimeout(() => this.#guarded(() => this.#look()), TOGETHER);
  }

  /** What goes wrong in a timer has no caller but the one who awaits the end. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#break(thrown);
    }
  }

  #look(): void {
    this.#soon = null;
    const dirty = new Set(this.#dirty);
    this.#dirty.clear();
    for (const seat of this.#seats) {
      if (dirty.has(seat.watch) || seat.clusters.some((cluster) => dirty.has(cluster))) this.#tell(seat, seat.watch.look());
    }
    this.#letGo();
  }

  #overdue(seat: Seat): void {
    this.#tell(seat, seat.watch.look());
    this.#tell(seat, seat.watch.end());
    this.#letGo();
  }

  #tell(seat: Seat, rollout: Rollout | null): void {
    const { watch } = seat;
    if (rollout !== null) this.#options.onChange(watch.target, rollout);
    if (!watch.ended) return;
    clearTimeout(seat.timer);
    this.#results.set(watch.target, watch.rollout);
    this.#seats.delete(seat);
  }

  #letGo(): void {
    const needed = new Set([...this.#seats].flatMap(({ clusters }) => clusters));
    for (const [context, cluster] of this.#clusters) {
      if (needed.has(cluster)) continue;
      cluster.close();
      this.#clusters.delete(context);
    }
    if (this.#seats.size > 0) return;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#settle(this.#results);
  }

  /** Interrupted: each is what it is. */
  #stop(): void {
    for (const seat of this.#seats) {
      clearTimeout(seat.timer);
      this.#results.set(seat.watch.target, seat.watch.rollout);
    }
    this.#seats.clear();
    this.#letGo();
  }

  #break(thrown: unknown): void {
    this.#fail(thrown);
    this.#stop();
  }
}

function contextsOf({ context, pods }: RolloutTarget): (string | null)[] {
  return [...new Set(pods === null ? [context] : [context, pods.context])];
}

/** Of the release, and of what shows it a clip where that is an object of its own. */
function witnessesOf(
  target: RolloutTarget,
  cluster: Cluster,
  neighbours: readonly RolloutTarget[],
): { witness: Witness; replay: Witness | null } {
  const alike = neighbours.filter(({ controller }) => controller === target.controller);
  const objects = alike.map(({ object }) => object);
  if (target.controller === 'argocd') {
    const applications = cluster.feed(selectObjects(APPLICATIONS, objects), readApplication);
    return { witness: new ArgoWitness(cluster, target, applications), replay: null };
  }
  const replays = alike.flatMap(({ replay }) => replay ?? []);
  const kustomizations = cluster.feed(selectObjects(KUSTOMIZATIONS, [...objects, ...replays]), readKustomization);
  const witness = (object: RolloutTarget['object']) => new FluxWitness(cluster, object, kustomizations);
  return { witness: witness(target.object), replay: target.replay === undefined ? null : witness(target.replay) };
}
