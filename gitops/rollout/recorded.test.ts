import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { digestSchema } from '#kernel';
import { readApplication } from '../adapters/kubernetes/read-argo.ts';
import { readKustomization, readSource } from '../adapters/kubernetes/read-flux.ts';
import { readPod } from '../adapters/kubernetes/read-pod.ts';
import { combine } from './combine.ts';
import { judgeArgo } from './judge-argo.ts';
import { judgeFlux } from './judge-flux.ts';
import { judgePods } from './judge-pods.ts';

/**
 * Resources as real controllers left them: `<row>.json` is a List as `kubectl get -o json` writes it, `<row>.expected.json`
 * beside it says which commit was watched and what it must be judged as.
 */
const folder = path.join(import.meta.dirname, '__recorded__');

const expectedSchema = z.strictObject({
  /** The row of the predicates that it stands for. */
  row: z.string(),
  controller: z.enum(['flux', 'argocd']),
  commit: z.string(),
  /** Of every other commit that the resources speak of. */
  relations: z.record(z.string(), z.enum(['same', 'keeps', 'replaces', 'older', 'elsewhere', 'unknown'])).default({}),
  digests: z.strictObject({ model: z.array(digestSchema), runtime: z.array(digestSchema).nullable() }).optional(),
  previousHealth: z.string().nullable().default(null),
  state: z.enum(['progressing', 'healthy', 'applied', 'unhealthy', 'failed', 'superseded']),
  overdue: z.enum(['failed', 'unknown']).optional(),
  /** A regular expression. */
  reason: z.string(),
});

const listSchema = z.looseObject({ items: z.array(z.looseObject({ kind: z.string() })) });
const SOURCE = /^(?:GitRepository|OCIRepository|Bucket)$/;

function judge(resources: z.output<typeof listSchema>['items'], expected: z.output<typeof expectedSchema>) {
  const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind);
  const relations = (commit: string) => (commit === expected.commit ? 'same' : (expected.relations[commit] ?? 'unknown'));
  const [application] = ofKind('Application').map((resource) => readApplication(resource));
  const [kustomization] = ofKind('Kustomization').map((resource) => readKustomization(resource));
  const [source] = resources.filter(({ kind }) => SOURCE.test(kind)).map((resource) => readSource(resource.kind)(resource));
  const controller =
    expected.controller === 'argocd'
      ? judgeArgo({ application: application ?? null, previousHealth: expected.previousHealth }, 'recorded', relations)
      : judgeFlux({ kustomization: kustomization ?? null, source: source ?? null }, 'recorded', relations);
  if (expected.digests === undefined) return controller;
  return combine(
    controller,
    judgePods(
      ofKind('Pod').map((resource) => readPod(resource)),
      expected.digests,
    ),
  );
}

const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.expected.json')) : [];
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

describe.skipIf(names.length === 0)('what real controllers have said', () => {
  it.each(names)('%s', (name) => {
    const expected = expectedSchema.parse(read(name));
    const { items } = listSchema.parse(read(name.replace('.expected.json', '.json')));
    expect(judge(items, expected)).toMatchObject({
      state: expected.state,
      reason: expect.stringMatching(new RegExp(expected.reason)) as string,
      ...(expected.overdue === undefined ? {} : { overdue: expected.overdue }),
    });
  });
});
