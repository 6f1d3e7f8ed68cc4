import type { Site } from '../release.ts';
import type { YamlObject } from '../render/write-yaml.ts';
import { DESK_PORT, EDGE_PORT } from './edge-files.ts';
import { appOf, BROKER, edgesAt, type GraphPlan, type PlacedStage, type PlannedBroker } from './graph-plan.ts';

/** Every namespace has its own name as a label. */
const namespaceOf = (app: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': app } } });
const port = (number: number, protocol = 'TCP') => ({ protocol, port: number });

/** Names are looked up in the cluster's own DNS. */
const DNS: YamlObject = {
  to: [{ ...namespaceOf('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
  ports: [port(53, 'UDP'), port(53)],
};

function policy(ingress: readonly YamlObject[], egress: readonly YamlObject[]): YamlObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'edges' },
    // Every pod of the namespace, and both ways: what is not an edge of the graph is closed.
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ingress, egress },
  };
}

/** On namespaces of whoever brings pictures to a graph, or comes for its answers: the graph's name. */
const clientLabel = 'fieldproof.dev/client-of';
const clientsOf = (graph: string): YamlObject => ({
  from: [{ namespaceSelector: { matchLabels: { [clientLabel]: graph } } }],
  ports: [port(DESK_PORT)],
});

/** What may reach a stage at a site, and what it may reach: its edges, and no more. */
export function stagePolicy(plan: GraphPlan, { name, desk }: PlacedStage, site: Site): YamlObject {
  const crossings = edgesAt(plan);
  const here = crossings.filter(({ site: at, local }) => local && at === site.name);
  // Messages go one way, and how far the other end is comes the other way.
  const neighbours = here.flatMap(({ edge }) => (edge.to === name ? [edge.from] : edge.from === name ? [edge.to] : []));
  const near = [...new Set(neighbours)].map((other) => namespaceOf(appOf(plan.graph, other)));
  const remote = crossings.some(
    ({ edge, site: at, local }) => !local && ((edge.from === name && at === site.name) || edge.to === name),
  );
  const ingress = [
    ...(near.length === 0 ? [] : [{ from: near, ports: [port(EDGE_PORT)] }]),
    ...(desk === null ? [] : [clientsOf(plan.graph)]),
  ];
  const egress = [
    ...(near.length === 0 ? [] : [{ to: near, ports: [port(EDGE_PORT)] }]),
    ...(remote && plan.broker !== null ? [toBroker(plan, plan.broker, site)] : []),
  ];
  return policy(ingress, egress.length === 0 ? [] : [DNS, ...egress]);
}

/** At its own site a broker is a namespace; from elsewhere it is an address outside the cluster, of which the port is all that a policy knows. */
function toBroker({ graph }: GraphPlan, broker: PlannedBroker, site: Site): YamlObject {
  const ports = [port(broker.port)];
  return site.name === broker.site.name ? { to: [namespaceOf(appOf(graph, BROKER))], ports } : { ports };
}

/** The broker answers the stages that use it, and asks nobody. */
export function brokerPolicy(plan: GraphPlan, broker: PlannedBroker): YamlObject {
  const remote = edgesAt(plan).filter(({ local }) => !local);
  const near = plan.stages.filter(
    ({ name, places }) =>
      places.some(({ site }) => site.name === broker.site.name) &&
      remote.some(({ edge, site }) => (edge.from === name && site === broker.site.name) || edge.to === name),
  );
  const from = [
    ...near.map(({ name }) => namespaceOf(appOf(plan.graph, name))),
    ...broker.from.map((cidr) => ({ ipBlock: { cidr } })),
  ];
  return policy(from.length === 0 ? [] : [{ from, ports: [port(broker.port)] }], []);
}
