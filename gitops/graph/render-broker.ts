import { overlayFolder } from '../names.ts';
import type { ManifestFile } from '../release.ts';
import { CONTAINER_SECURITY, inGroup, nodesOf, resourcesOf, USER } from '../render/pod.ts';
import { labelsAt, pin } from '../render/render-overlay.ts';
import { yamlFile, type YamlObject } from '../render/write-yaml.ts';
import { appOf, BROKER, brokerPlaceholder, type GraphPlan, type PlannedBroker } from './graph-plan.ts';
import { brokerPolicy } from './network-policies.ts';

/** Bytes: a frame of 4096 x 4096 fits. */
const LARGEST_MESSAGE = 64 << 20;
/** As a stage's pods are labelled, so that they are found as a stage's are. */
const labelsOf = (graph: string) => ({ 'app.kubernetes.io/name': appOf(graph, BROKER) });

/** NATS with JetStream, by digest; its login comes from a Secret that is not among these files. */
export function renderBroker(plan: GraphPlan, broker: PlannedBroker): ManifestFile[] {
  const folder = overlayFolder(appOf(plan.graph, BROKER), broker.site.name, broker.site.chipset.name);
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: appOf(plan.graph, BROKER),
    resources: ['broker.yaml', 'network.yaml'],
    labels: labelsAt(broker.site),
    images: [pin(brokerPlaceholder, broker.image)],
  };
  return [
    yamlFile(`${folder}/kustomization.yaml`, kustomization),
    yamlFile(
      `${folder}/broker.yaml`,
      configuration(broker),
      statefulSet(broker, labelsOf(plan.graph)),
      service(broker, labelsOf(plan.graph)),
    ),
    yamlFile(`${folder}/network.yaml`, brokerPolicy(plan, broker)),
  ];
}

function configuration({ port }: PlannedBroker): YamlObject {
  const lines = [
    `port: ${port}`,
    'http_port: 8222',
    `max_payload: ${LARGEST_MESSAGE}`,
    // Not synced for each message: what was promised is on the disks of the stages.
    'jetstream { store_dir: /data }',
    'authorization { user: $BROKER_USER, password: $BROKER_PASSWORD }',
  ];
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'broker' }, data: { 'nats.conf': `${lines.join('\n')}\n` } };
}

function statefulSet(broker: PlannedBroker, labels: YamlObject): YamlObject {
  const fromSecret = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: broker.secret, key } } });
  const container = {
    name: BROKER,
    image: brokerPlaceholder,
    imagePullPolicy: 'IfNotPresent',
    args: ['--config', '/etc/nats/nats.conf'],
    env: [fromSecret('BROKER_USER', 'user'), fromSecret('BROKER_PASSWORD', 'password')],
    ports: [
      { name: 'nats', containerPort: broker.port },
      { name: 'health', containerPort: 8222 },
    ],
    readinessProbe: { httpGet: { path: '/healthz', port: 'health' }, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    securityContext: CONTAINER_SECURITY,
    resources: resourcesOf({ ...broker.site.chipset, cpus: 0.25, memoryBytes: 256 * 1024 ** 2 }, { devices: false }),
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'config', mountPath: '/etc/nats', readOnly: true },
    ],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: BROKER, labels },
    spec: {
      serviceName: BROKER,
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...inGroup(USER),
          ...nodesOf(broker.site.chipset),
          containers: [container],
          volumes: [{ name: 'config', configMap: { name: 'broker' } }],
        },
      },
      volumeClaimTemplates: [
        {
          // As the API server fills them in: Argo CD would see a difference for ever.
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: String(broker.storageBytes) } },
            volumeMode: 'Filesystem',
          },
        },
      ],
    },
  };
}

function service({ port }: PlannedBroker, labels: YamlObject): YamlObject {
  const ports = [{ name: 'nats', port, targetPort: 'nats' }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: BROKER, labels }, spec: { selector: labels, ports } };
}
