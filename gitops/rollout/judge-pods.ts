import { isDigest, shortDigest, type Digest } from '#kernel';
import { oneLine } from './judgement.ts';
import type { RolloutTarget } from './rollout.ts';

/** What is looked at of a pod. */
export type RunningPod = {
  namespace: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  deleting: boolean;
  /** Whether it will run no more: Succeeded or Failed. */
  ended: boolean;
  ready: boolean;
  /** Of containers and init containers, as the runtime reports them. */
  imageIds: readonly string[];
  /** Images of containers and init containers, as its spec has them. */
  images: readonly string[];
  /** References of its image volumes, as its spec has them. */
  imageVolumes: readonly string[];
  /** Why it is not ready, in the words of the kubelet or the scheduler; null where they have said nothing. */
  trouble: string | null;
};

export type PodsJudgement =
  /** `fails`: pods show that the release does not come about. One of its own is not ready, or all that is ready is another's. */
  | { running: 'ours' | 'partly' | 'other' | 'none'; fails: boolean; reason: string }
  /** Nobody could look. */
  | { running: 'unseen'; reason: string };

/**
 * Whether what runs is the release. containerd reports an index's digest also where the manifest was pinned, so a digest is
 * matched against all that stand for it, and never for equality (kubernetes#108689, #115199). A digest that is mounted as
 * an image volume is in no status (KEP-5365 is alpha in 1.36): it is taken from the spec of a pod that is Ready, for the
 * kubelet starts no container before its volumes are mounted.
 */
export function judgePods(pods: readonly RunningPod[], digests: RolloutTarget['digests']): PodsJudgement {
  const live = pods.filter(({ deleting, ended }) => !deleting && !ended);
  const ready = live.filter((pod) => pod.ready);
  const ours = ready.filter((pod) => runs(pod, digests));
  const trouble = live.find((pod) => !pod.ready && pod.trouble !== null);
  const more = trouble === undefined ? '' : `; pod ${trouble.name}: ${oneLine(trouble.trouble ?? '', 300)}`;
  const fails = live.some((pod) => !pod.ready && isToRun(pod, digests)) || (ours.length === 0 && ready.length > 0);
  if (live.length === 0) return { running: 'none', fails, reason: 'no pod of it is there' };
  if (ours.length === live.length) return { running: 'ours', fails, reason: podCount(ours.length) };
  const count = `${ours.length} of ${podCount(live.length)} ${ours.length === 1 ? 'is' : 'are'} ready and run it`;
  if (ours.length > 0) return { running: 'partly', fails, reason: `${count}${more}` };
  if (ready.length === 0) return { running: 'none', fails, reason: `no pod of it is ready${more}` };
  const others = [...new Set(ready.flatMap((pod) => digestsOf(pod).map((digest) => shortDigest(digest))))];
  return { running: 'other', fails, reason: `what runs is ${others.slice(0, 4).join(', ') || 'of unknown digest'}${more}` };
}

/**
 * The digest in a runtime's name of an image: `docker-pullable://name@sha256:...` (kubernetes#95968), `name@sha256:...`. A
 * bare `sha256:...` is a config's digest with some runtimes; it can then match nothing, and does not.
 */
export function digestIn(imageId: string): Digest | null {
  const digest = imageId.replace(/^[a-z-]+:\/\//, '').replace(/^.*@/, '');
  return isDigest(digest) ? digest : null;
}

/** Whether a pod has the labels of a target's pods, in their namespace. */
export function isPodOf(pod: RunningPod, { namespace, labels }: Omit<NonNullable<RolloutTarget['pods']>, 'context'>): boolean {
  return pod.namespace === namespace && Object.entries(labels).every(([key, value]) => pod.labels[key] === value);
}

function runs(pod: RunningPod, { model, runtime }: RolloutTarget['digests']): boolean {
  const run = imageDigests(pod.imageIds);
  if (runtime === null) return run.some((digest) => model.includes(digest));
  const mounted = imageDigests(pod.imageVolumes);
  return run.some((digest) => runtime.includes(digest)) && [...mounted, ...run].some((digest) => model.includes(digest));
}

/** By its spec, whose images are pinned by digest; a pod that pins none may be anybody's. */
function isToRun(pod: RunningPod, { model, runtime }: RolloutTarget['digests']): boolean {
  const named = imageDigests([...pod.images, ...pod.imageVolumes, ...pod.imageIds]);
  const names = (digests: readonly Digest[]) => named.some((digest) => digests.includes(digest));
  return named.length === 0 || (names(model) && (runtime === null || names(runtime)));
}

function digestsOf(pod: RunningPod): Digest[] {
  return imageDigests([...pod.imageVolumes, ...pod.imageIds]);
}

function imageDigests(names: readonly string[]): Digest[] {
  return names.flatMap((name) => digestIn(name) ?? []);
}

const podCount = (count: number): string => `${count} ${count === 1 ? 'pod' : 'pods'}`;
