import { CouldNotRun, digestSchema, type Release, parseYaml } from '#kernel';
import { z } from 'zod';
import type { FleetSnapshot } from '../fleet-repository.ts';
import { baseFolder, concernsModel, overlaysFolder } from '../names.ts';
import { readDeployed } from '../read-deployed.ts';
import type { DeployedAt } from '../release.ts';
import type { Contracts } from './contracts.ts';
import { contractAnnotation } from './edge-files.ts';
import { appOf, BROKER, brokerPlaceholder, contractSchema } from './graph-plan.ts';

/** What a fleet repository deploys of a graph: each stage at each place, and what they speak. */
export type DeployedGraph = { stages: Readonly<Record<string, readonly DeployedAt[]>>; contracts: Contracts };

const annotated = z.looseObject({ metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }) });

/** @throws CouldNotRun when somebody has changed what Fieldproof wrote so that it cannot be read */
export async function readGraph(snapshot: FleetSnapshot, graph: string, stages: readonly string[]): Promise<DeployedGraph> {
  const found = await Promise.all(
    stages.map(async (stage) => {
      const app = appOf(graph, stage);
      const deployed = await readDeployed(snapshot, app);
      const path = `${baseFolder(app)}/deployment.yaml`;
      const text = deployed.length === 0 ? undefined : await snapshot.read(path);
      return { stage, deployed, contract: text === undefined ? null : contractIn(text, path) };
    }),
  );
  const there = found.filter(({ deployed }) => deployed.length > 0);
  return {
    stages: Object.fromEntries(there.map(({ stage, deployed }) => [stage, deployed])),
    contracts: Object.fromEntries(there.flatMap(({ stage, contract }) => (contract === null ? [] : [[stage, contract]]))),
  };
}

function contractIn(text: string, path: string) {
  const written = parseYaml(text, path, annotated).value.metadata.annotations?.[contractAnnotation];
  if (written === undefined) return null;
  const parsed = contractSchema.safeParse(jsonOf(written));
  if (parsed.success) return parsed.data;
  const remedy = 'put back what Fieldproof wrote: git log this file';
  throw new CouldNotRun({ file: path, field: contractAnnotation, message: `${written} says no versions of a contract`, remedy });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const brokerSchema = z.looseObject({
  images: z.tuple([z.strictObject({ name: z.literal(brokerPlaceholder), newName: z.string().min(1), digest: digestSchema })]),
});

/** The broker of a graph, where it is deployed. @throws CouldNotRun as readGraph */
export async function readBroker(snapshot: FleetSnapshot, graph: string): Promise<DeployedAt[]> {
  if (snapshot.commit === null) return [];
  const folder = overlaysFolder(appOf(graph, BROKER));
  const paths = (await snapshot.list(folder)).filter((path) => path.endsWith('/kustomization.yaml'));
  return await Promise.all(
    paths.map(async (path) => {
      const [site = '', chipset = ''] = path.slice(folder.length + 1).split('/');
      const [{ newName: image, digest }] = parseYaml((await snapshot.read(path)) ?? '', path, brokerSchema).value.images;
      return { site, chipset, release: { kind: 'container' as const, model: { image, digest } } };
    }),
  );
}

/** The release of a graph, a digest for each stage; null where a stage is not deployed, or not the same everywhere. */
export function graphRelease({ stages }: DeployedGraph, names: readonly string[]): Release | null {
  const entries = names.map((name) => {
    const releases = (stages[name] ?? []).map(({ release }) => ({
      model: release.model.digest,
      runtime: release.kind === 'model' ? release.runtime.digest : null,
    }));
    const [first] = releases;
    const same = releases.every(({ model, runtime }) => model === first?.model && runtime === first.runtime);
    return first !== undefined && same ? ([name, first] as const) : null;
  });
  return entries.some((entry) => entry === null) || entries.length === 0
    ? null
    : { stages: Object.fromEntries(entries.filter((entry) => entry !== null)) };
}

/** Whether a path of the fleet repository says anything of what this graph deploys. */
export function concernsGraph(path: string, graph: string, stages: readonly string[]): boolean {
  return [...stages, BROKER].some((stage) => concernsModel(path, appOf(graph, stage)));
}
