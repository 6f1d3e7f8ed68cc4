import { namesAt, ownNames, type Controller } from '#gitops';
import type { Named, Resource } from './kube-client.ts';
import type { Rig } from './rig.ts';

type Place = { model: string; site: string; chipset: string };

/** What the clusters of a rig and their controllers say of one release themselves: nothing of ours has a part in it. */
export class Field {
  readonly #rig: Rig;
  readonly #controller: Controller;
  readonly #of: Omit<Place, 'site'>;

  constructor(rig: Rig, controller: Controller, of: Omit<Place, 'site'>) {
    this.#rig = rig;
    this.#controller = controller;
    this.#of = of;
  }

  /** The commit at which the site's controller calls the release healthy now; null where it does not. */
  async healthyAt(site: string): Promise<string | null> {
    const resource = await this.#object(site);
    if (resource === null) return null;
    return this.#controller === 'flux' ? healthyKustomization(resource) : healthyApplication(resource);
  }

  /** The commit that the site's controller works on or has worked on last; null where it has not begun. */
  async begunWith(site: string): Promise<string | null> {
    const status = (await this.#object(site))?.status;
    const revision = this.#controller === 'flux' ? status?.lastAttemptedRevision : status?.operationState?.syncResult?.revision;
    return typeof revision === 'string' ? (revision.split(':').at(-1) ?? null) : null;
  }

  /** The controller's own line on the site, as its command line prints it. */
  words(site: string): string {
    const { name } = this.#names(site).object;
    if (this.#controller === 'flux') return oneLine(this.#rig.flux(site).cli('get', 'kustomization', name, '--no-header'));
    const { status } = JSON.parse(this.#rig.argocd().cli('app', 'get', name, '-o', 'json')) as Resource;
    return `${name} ${status.sync.status} at ${status.sync.revision.slice(0, 12)}, ${status.health.status}`;
  }

  /** Digests of the model that pods of the site mount which are ready. */
  async running(site: string): Promise<string[]> {
    const { namespace, labels } = this.#names(site).pods;
    const pods = await this.#rig.site(site).client.list({ apiVersion: 'v1', kind: 'Pod', namespace });
    const ours = pods.filter((pod) => Object.entries(labels).every(([key, value]) => labelsOf(pod)[key] === value));
    return ours
      .filter(isReady)
      .flatMap(({ spec }) => volumesOf(spec).flatMap(({ image }) => image?.reference.split('@')[1] ?? []));
  }

  #names(site: string) {
    return namesAt(ownNames(this.#controller), { ...this.#of, site });
  }

  async #object(site: string): Promise<Resource | null> {
    const { object } = this.#names(site);
    const client = this.#controller === 'flux' ? this.#rig.site(site).client : this.#rig.argocd().hub.client;
    const found = await client.list({ ...KINDS[this.#controller], namespace: object.namespace });
    return found.find(({ metadata }) => metadata.name === object.name) ?? null;
  }
}

const KINDS: Record<Controller, Omit<Named, 'name'>> = {
  flux: { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization' },
  argocd: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
};

type Condition = { type: string; status: string };
const holds = (status: { conditions?: Condition[] } | undefined, wanted: string): boolean =>
  (status?.conditions ?? []).some(({ type, status: is }) => type === wanted && is === 'True');

/** With health checks `lastAppliedRevision` moves when they have passed; Ready may still be of a revision before it. */
function healthyKustomization({ status }: Resource): string | null {
  const same = status?.lastAppliedRevision === status?.lastAttemptedRevision;
  if (!same || !holds(status, 'Ready') || !holds(status, 'Healthy')) return null;
  return /sha1:(\w+)$/.exec(status.lastAppliedRevision as string)?.[1] ?? null;
}

function healthyApplication({ status }: Resource): string | null {
  const { sync, health, operationState } = status ?? {};
  const done = operationState?.phase === 'Succeeded' && status.reconciledAt >= operationState.finishedAt;
  return done && sync?.status === 'Synced' && health?.status === 'Healthy' ? sync.revision : null;
}

function isReady({ metadata, status }: Resource): boolean {
  return metadata['deletionTimestamp'] === undefined && holds(status as { conditions?: Condition[] }, 'Ready');
}

const labelsOf = ({ metadata }: Resource) => (metadata['labels'] ?? {}) as Readonly<Record<string, string>>;
const volumesOf = (spec: unknown) => (spec as { volumes?: { image?: { reference: string } }[] }).volumes ?? [];
const oneLine = (text: string) => text.trim().replaceAll(/\s+/g, ' ');
