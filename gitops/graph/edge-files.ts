import { digestOfJson, type Json } from '#kernel';
import type { Site } from '../release.ts';
import { USER } from '../render/pod.ts';
import type { PodExtras } from '../render/render-base.ts';
import type { YamlObject } from '../render/write-yaml.ts';
import { appOf, BROKER, edgesAt, type GraphPlan, type PlacedStage, type PlannedBroker, type PlannedEdge } from './graph-plan.ts';

/** The port at which a stage takes messages of stages at its own site. */
export const EDGE_PORT = 8001;
/** That of its health, of a model's own protocol, of cameras and of answers: as every model has it. */
export const DESK_PORT = 8000;
const MOUNTED = '/edges';

/** What a stage is told of one of its edges. `over`: where the stage at its other end is, at the same site, or a subject of the broker. */
type ToldEdge = { edge: string; over: { http: string } | { broker: string } } & Pick<
  PlannedEdge,
  'promised' | 'window' | 'largest'
>;
/** `edges.json`, which a stage finds at `FIELDPROOF_EDGES`. */
export type ToldEdges = {
  contract: PlacedStage['contract'];
  stage: Json;
  site: string;
  broker: { host: string; port: number } | null;
  in: readonly ToldEdge[];
  out: readonly ToldEdge[];
};

const nameOf = ({ from, to }: PlannedEdge) => `${from}-${to}`;
const subjectOf = (graph: string, edge: PlannedEdge, site: string) => `${graph}-${nameOf(edge)}-${site}`;

/** What a stage at a place is told of its edges: never which bytes its neighbours run, so that theirs may change without it. */
export function toldEdges(plan: GraphPlan, stage: PlacedStage, site: Site): ToldEdges {
  const { graph, stages, broker } = plan;
  const chipsetOf = (name: string) =>
    stages.find((other) => other.name === name)?.places.find((place) => place.site.name === site.name)?.site.chipset.name ?? '';
  const told = (edge: PlannedEdge, over: ToldEdge['over']): ToldEdge => {
    const { promised, window, largest } = edge;
    return { edge: nameOf(edge), over, promised, window, largest };
  };
  const crossings = edgesAt(plan);
  const out = crossings.filter(({ edge, site: at }) => edge.from === stage.name && at === site.name);
  const into = crossings.filter(({ edge, site: at, local }) => edge.to === stage.name && (local ? at === site.name : true));
  const http = (name: string) => {
    const app = appOf(graph, name);
    return `http://${app}-${chipsetOf(name)}.${app}.svc:${EDGE_PORT}`;
  };
  return {
    contract: stage.contract,
    stage: stage.told,
    site: site.name,
    broker: broker && brokerFrom(graph, broker, site),
    in: into.map(({ edge, site: at, local }) =>
      told(edge, local ? { http: http(edge.from) } : { broker: subjectOf(graph, edge, at) }),
    ),
    out: out.map(({ edge, local }) =>
      told(edge, local ? { http: http(edge.to) } : { broker: subjectOf(graph, edge, site.name) }),
    ),
  };
}

/** At its own site a broker is a Service: its policy lets nobody there go round by the outside. */
function brokerFrom(graph: string, { site: at, host, port }: PlannedBroker, { name }: Site): NonNullable<ToldEdges['broker']> {
  return { host: name === at.name ? `${BROKER}.${appOf(graph, BROKER)}.svc` : host, port };
}

export const edgesDigest = (told: ToldEdges) => digestOfJson(JSON.parse(JSON.stringify(told)));

export function edgesConfig(told: ToldEdges, hasDisk: boolean): YamlObject[] {
  const data = { 'edges.json': `${JSON.stringify(told, null, 2)}\n` };
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'edges' }, data }, ...(hasDisk ? [KEPT] : [])];
}

/** Where a stage keeps what was promised: it outlives the pod. A disk has one writer, so the old pod goes before the new one comes. */
const KEPT: YamlObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'kept' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

const promises = (told: ToldEdges) => [...told.in, ...told.out].some(({ promised }) => promised);
/** Whether it has a disk: for what was promised, and for answers that nobody came for yet. */
export const keeps = (stage: PlacedStage, told: ToldEdges) => stage.desk === 'answers' || promises(told);
export const usesBroker = (told: ToldEdges) => [...told.in, ...told.out].some(({ over }) => 'broker' in over);

/** What the pods of a stage have beside those of a model alone: its edges, and where the broker's login is, never the login. */
export function stageExtras(stage: PlacedStage, hasDisk: boolean, secret: string | null): PodExtras {
  const fromSecret = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } });
  const login =
    secret === null ? [] : [fromSecret('FIELDPROOF_BROKER_USER', 'user'), fromSecret('FIELDPROOF_BROKER_PASSWORD', 'password')];
  return {
    annotations: { [contractAnnotation]: JSON.stringify(stage.contract) },
    environment: [{ name: 'FIELDPROOF_EDGES', value: `${MOUNTED}/edges.json` }, ...login],
    mounts: [{ name: 'edges', mountPath: MOUNTED, readOnly: true }, ...(hasDisk ? [{ name: 'kept', mountPath: '/kept' }] : [])],
    volumes: [
      { name: 'edges', configMap: { name: 'edges' } },
      ...(hasDisk ? [{ name: 'kept', persistentVolumeClaim: { claimName: 'kept' } }] : []),
    ],
    ports: [{ name: 'edges', containerPort: EDGE_PORT }],
    group: hasDisk ? USER : null,
    program: stage.runs === 'beside the runtime',
    strategy: hasDisk ? 'one after the other' : 'beside each other',
  };
}

/** On a stage's Deployment: which versions of the message contract it speaks and reads. */
export const contractAnnotation = 'fieldproof.dev/contract';
/** On a stage's pods: a change of their edges starts them anew. */
export const edgesAnnotation = 'fieldproof.dev/edges';
