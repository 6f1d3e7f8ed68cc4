import { describe, expect, it } from 'vitest';
import { readPod } from '../adapters/kubernetes/read-pod.ts';
import { digest } from '../plan.fixture.ts';
import { combine } from './combine.ts';
import { digestIn, isPodOf, judgePods, type PodsJudgement } from './judge-pods.ts';
import { atDeadline, soFar, type Judgement } from './judgement.ts';
import { pod } from './resources.fixture.ts';

const [model, runtime, index, other] = [digest('a'), digest('b'), digest('c'), digest('d')];
const volume = `registry.example/acme/porch@${model}`;
const served = { model: [model], runtime: [runtime, index] };
const whole = { model: [model, index], runtime: null };

describe('what runs', () => {
  it.each([
    [
      'a container by the digest of its manifest',
      [pod({ imageIDs: [`registry.example/acme/porch@${model}`] })],
      whole,
      'ours',
      /^1 pod$/,
    ],
    ["a container by its index's digest", [pod({ imageIDs: [`registry.example/acme/porch@${index}`] })], whole, 'ours', /./],
    ["a container by Docker's name of it", [pod({ imageIDs: [`docker-pullable://porch@${model}`] })], whole, 'ours', /./],
    ["a config's digest proves nothing", [pod({ imageIDs: [digest('e')] })], whole, 'other', /what runs is sha256:eeee/],
    ['another digest', [pod({ imageIDs: [`porch@${other}`] })], whole, 'other', /what runs is sha256:dddddddddddd/],
    ['a runtime that mounts the model', [pod({ imageIDs: [`rt@${index}`], volumes: [volume] })], served, 'ours', /./],
    [
      'a runtime that mounts another model',
      [pod({ imageIDs: [`rt@${index}`], volumes: [`porch@${other}`] })],
      served,
      'other',
      /dddd/,
    ],
    ['the model on another runtime', [pod({ imageIDs: [`rt@${other}`], volumes: [volume] })], served, 'other', /dddd/],
    [
      'a pod that is not ready mounts nothing for certain',
      [pod({ imageIDs: [`rt@${runtime}`], volumes: [volume], ready: false })],
      served,
      'none',
      /no pod of it is ready/,
    ],
    ['no pod', [], served, 'none', /no pod of it is there/],
    [
      'pods that leave or have ended are no pods',
      [
        pod({ imageIDs: [`porch@${other}`], metadata: { deletionTimestamp: '2026-01-02T03:04:05Z' } }),
        pod({ imageIDs: [`porch@${other}`], phase: 'Succeeded' }),
      ],
      whole,
      'none',
      /no pod of it is there/,
    ],
    [
      'the old one beside the new one',
      [pod({ imageIDs: [`porch@${other}`] }), pod({ imageIDs: [`porch@${model}`] })],
      whole,
      'partly',
      /1 of 2 pods is ready and run it/,
    ],
    [
      'an image that cannot be pulled, in the words of the kubelet',
      [
        pod(
          { ready: false },
          {
            containerStatuses: [
              {
                name: 'model',
                imageID: '',
                ready: false,
                state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
              },
            ],
          },
        ),
      ],
      served,
      'none',
      /pod porch-orin-1: container model: ImagePullBackOff: Back-off pulling image/,
    ],
    [
      'a pod that no node takes, in the words of the scheduler',
      [
        pod(
          { ready: false, phase: 'Pending' },
          {
            conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available' }],
          },
        ),
      ],
      served,
      'none',
      /Unschedulable: 0\/1 nodes/,
    ],
  ] as const)('%s', (_, pods, digests, running, reason) => {
    expect(
      judgePods(
        pods.map((each) => readPod(each)),
        digests,
      ),
    ).toMatchObject({ running, reason: expect.stringMatching(reason) as string });
  });

  const mounting = (mounted: string, ready: boolean) =>
    pod({ imageIDs: ready ? [`rt@${runtime}`] : [], images: [`rt@${runtime}`], volumes: [`porch@${mounted}`], ready });
  it.each([
    ['its own pod is not ready', [mounting(model, false)], true],
    ['its own pod is not ready, and the old one goes on', [mounting(model, false), mounting(other, true)], true],
    ['one of its pods is not ready', [mounting(model, true), mounting(model, false)], true],
    ['only the old one is there', [mounting(other, true)], true],
    ['a pod that pins no digest is not ready', [pod({ ready: false })], true],
    ['it is back, and what it replaces has not left', [mounting(model, true), mounting(other, false)], false],
    ['what it replaces has not left, and it has no pod yet', [mounting(other, false)], false],
    ['no pod is there', [], false],
    ['all of its pods are ready', [mounting(model, true)], false],
    ['another runtime is not ready', [pod({ images: [`rt@${other}`], volumes: [volume], ready: false })], false],
  ])('says whether the release fails: %s', (_, pods, fails) => {
    expect(
      judgePods(
        pods.map((each) => readPod(each)),
        served,
      ),
    ).toMatchObject({ fails });
  });

  it.each([
    [`docker-pullable://a/b@${model}`, model],
    [`a:5000/b:tag@${model}`, model],
    [model, model],
    ['docker://sha256:123', null],
    ['', null],
  ])('finds the digest in %j', (imageId, expected) => {
    expect(digestIn(imageId)).toBe(expected);
  });

  it('belongs to a target by namespace and labels', () => {
    const one = readPod(pod({ metadata: { labels: { a: '1', b: '2' } } }));
    expect(isPodOf(one, { namespace: 'porch', labels: { a: '1' } })).toBe(true);
    expect(isPodOf(one, { namespace: 'other', labels: { a: '1' } })).toBe(false);
    expect(isPodOf(one, { namespace: 'porch', labels: { a: '2' } })).toBe(false);
  });
});

const said = (state: 'healthy' | 'applied' | 'unhealthy' | 'failed' | 'superseded'): Judgement => ({
  state,
  reason: 'its words',
  revision: 'r',
});
const waiting: Judgement = { state: 'progressing', reason: 'its words', revision: 'r', overdue: 'failed' };
const see = (running: PodsJudgement['running'], fails = false): PodsJudgement =>
  running === 'unseen' ? { running, reason: 'pod words' } : { running, fails, reason: 'pod words' };

describe('controller and pods together', () => {
  it.each([
    [said('healthy'), see('ours'), 'healthy', undefined],
    [said('healthy'), null, 'healthy', undefined],
    [said('healthy'), see('partly'), 'progressing', 'failed'],
    [said('healthy'), see('other'), 'progressing', 'failed'],
    [said('healthy'), see('none'), 'progressing', 'failed'],
    [said('healthy'), see('unseen'), 'progressing', 'unknown'],
    [said('applied'), see('ours'), 'healthy', undefined],
    [said('applied'), see('none'), 'progressing', 'failed'],
    [said('applied'), null, 'progressing', 'unknown'],
    [said('failed'), see('ours'), 'failed', undefined],
    [said('superseded'), see('ours'), 'superseded', undefined],
    [said('unhealthy'), see('none', true), 'failed', undefined],
    [said('unhealthy'), see('other', true), 'failed', undefined],
    [said('unhealthy'), null, 'failed', undefined],
    [said('unhealthy'), see('unseen'), 'failed', undefined],
    // What it replaces has failed, and its Deployment says so until the rollback is complete.
    [said('unhealthy'), see('ours'), 'progressing', 'failed'],
    [said('unhealthy'), see('partly'), 'progressing', 'failed'],
    [said('unhealthy'), see('none'), 'progressing', 'failed'],
    [waiting, see('ours'), 'progressing', 'failed'],
  ] as const)('%o and %o are %s', (controller, pods, state, overdue) => {
    const both = combine(controller, pods);
    expect([both.state, both.state === 'progressing' ? both.overdue : undefined]).toEqual([state, overdue]);
  });

  it('adds what the pods say to a failure of which the controller knows only that it was long', () => {
    expect(combine(said('failed'), see('none')).reason).toBe('its words; pod words');
    expect(combine(said('unhealthy'), see('none', true)).reason).toBe('its words; pod words');
  });
});

describe('when the time is over', () => {
  const answering = [{ who: 'kustomize-controller', asked: true, answered: true }];
  const silent = [{ who: 'kustomize-controller', asked: true, answered: false }];

  it.each([
    [waiting, answering, 'failed', /not healthy after 10 min: its words/],
    [{ ...waiting, overdue: 'unknown' as const }, answering, 'unknown', /its words/],
    [said('applied'), answering, 'unknown', /its words/],
    [waiting, silent, 'unknown', /kustomize-controller has not answered the request to reconcile in 10 min: does it run\?/],
    [waiting, [{ who: 'Argo CD', asked: false, answered: false }], 'unknown', /Argo CD has changed nothing in 10 min/],
    [said('healthy'), silent, 'healthy', /its words/],
  ] as const)('%o with %o is %s', (judgement, contacts, state, reason) => {
    expect(atDeadline(judgement, contacts, '10 min')).toEqual({
      state,
      reason: expect.stringMatching(reason) as string,
      revision: 'r',
    });
  });

  it('is under way until then', () => {
    expect(soFar(said('applied')).state).toBe('progressing');
  });
});
