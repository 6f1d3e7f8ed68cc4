import { baseFolder, containerName, modelPlaceholder, programName, runtimePlaceholder } from '../names.ts';
import { CONTAINER_SECURITY, imageVolume, inGroup, POD_SECURITY, TEMPORARY } from './pod.ts';
import type { DeployedRelease, ManifestFile } from '../release.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

type Kind = DeployedRelease['kind'];

/** What the pods of a stage have beside those of a model alone. */
export type PodExtras = {
  annotations: Readonly<Record<string, string>>;
  environment: readonly YamlObject[];
  mounts: readonly YamlObject[];
  volumes: readonly YamlObject[];
  ports: readonly YamlObject[];
  /** Whose the files of its volumes are, which it writes as nobody; null where it writes none. */
  group: number | null;
  /** A program in a container of its own, which is the model's image: it is asked at a socket. */
  program: boolean;
  /** A disk is written by one pod at a time. */
  strategy: 'beside each other' | 'one after the other';
};

const NO_EXTRAS: PodExtras = {
  annotations: {},
  environment: [],
  mounts: [],
  volumes: [],
  ports: [],
  group: null,
  program: false,
  strategy: 'beside each other',
};

/** What is the same at every site. It cannot run by itself: its images are placeholders. */
export function renderBase(model: string, kind: Kind, extras: PodExtras = NO_EXTRAS): ManifestFile[] {
  const folder = baseFolder(model);
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['deployment.yaml', 'service.yaml'],
  };
  return [
    yamlFile(`${folder}/kustomization.yaml`, kustomization),
    yamlFile(`${folder}/deployment.yaml`, deployment(model, kind, extras)),
    yamlFile(`${folder}/service.yaml`, service(model, extras)),
  ];
}

const STRATEGIES: Readonly<Record<PodExtras['strategy'], YamlObject>> = {
  // The old model goes on answering while the new one comes over a slow link.
  'beside each other': { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  'one after the other': { type: 'Recreate' },
};

const selector = (model: string) => ({ 'app.kubernetes.io/name': model });

function deployment(model: string, kind: Kind, extras: PodExtras): YamlObject {
  const annotations = Object.keys(extras.annotations).length === 0 ? {} : { annotations: extras.annotations };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: model, labels: selector(model), ...annotations },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      strategy: STRATEGIES[extras.strategy],
      selector: { matchLabels: selector(model) },
      template: { metadata: { labels: selector(model) }, spec: podSpec(kind, extras) },
    },
  };
}

function podSpec(kind: Kind, extras: PodExtras): YamlObject {
  const weights = kind === 'model' && !extras.program ? [imageVolume('model', modelPlaceholder)] : [];
  const socket = extras.program ? [{ name: 'socket', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }] : [];
  const security = extras.group === null ? POD_SECURITY : inGroup(extras.group);
  return {
    ...security,
    ...(extras.program ? { initContainers: [PROGRAM] } : {}),
    containers: [container(kind, extras)],
    volumes: [...weights, ...socket, TEMPORARY, ...extras.volumes],
  };
}

const SOCKET = { name: 'socket', mountPath: '/socket' };

/** Started before the runtime, and kept alive beside it: Kubernetes 1.29 or newer. */
const PROGRAM: YamlObject = {
  name: programName,
  image: modelPlaceholder,
  imagePullPolicy: 'IfNotPresent',
  restartPolicy: 'Always',
  env: [{ name: 'FIELDPROOF_SOCKET', value: `${SOCKET.mountPath}/stage` }],
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [SOCKET, { name: 'tmp', mountPath: '/tmp' }],
};

function container(kind: Kind, { environment, mounts, ports, program }: PodExtras): YamlObject {
  const weights = program ? [SOCKET] : kind === 'model' ? [{ name: 'model', mountPath: '/model', readOnly: true }] : [];
  return {
    name: containerName,
    image: kind === 'model' ? runtimePlaceholder : modelPlaceholder,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'http', containerPort: 8000 }, ...ports],
    ...(environment.length === 0 ? {} : { env: environment }),
    startupProbe: probe(2, 60),
    readinessProbe: probe(5, 3),
    livenessProbe: probe(20, 6),
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [...weights, { name: 'tmp', mountPath: '/tmp' }, ...mounts],
  };
}

const probe = (periodSeconds: number, failureThreshold: number) => ({
  httpGet: { path: '/v2/health/ready', port: 'http' },
  periodSeconds,
  timeoutSeconds: 5,
  failureThreshold,
});

function service(model: string, extras: PodExtras): YamlObject {
  const edges = extras.ports.map(({ name, containerPort }) => ({
    name,
    port: containerPort,
    targetPort: name,
    appProtocol: 'http',
  }));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: model, labels: selector(model) },
    spec: { selector: selector(model), ports: [{ name: 'http', port: 8000, targetPort: 'http', appProtocol: 'http' }, ...edges] },
  };
}
