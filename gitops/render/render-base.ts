import { baseFolder, containerName, modelPlaceholder, runtimePlaceholder } from '../names.ts';
import { CONTAINER_SECURITY, imageVolume, POD_SECURITY, TEMPORARY } from './pod.ts';
import type { DeployedRelease, ManifestFile } from '../release.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

type Kind = DeployedRelease['kind'];

/** What is the same at every site. It cannot run by itself: its images are placeholders. */
export function renderBase(model: string, kind: Kind): ManifestFile[] {
  const folder = baseFolder(model);
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['deployment.yaml', 'service.yaml'],
  };
  return [
    yamlFile(`${folder}/kustomization.yaml`, kustomization),
    yamlFile(`${folder}/deployment.yaml`, deployment(model, kind)),
    yamlFile(`${folder}/service.yaml`, service(model)),
  ];
}

const selector = (model: string) => ({ 'app.kubernetes.io/name': model });

function deployment(model: string, kind: Kind): YamlObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: model, labels: selector(model) },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      // The old model goes on answering while the new one comes over a slow link.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selector(model) },
      template: { metadata: { labels: selector(model) }, spec: podSpec(kind) },
    },
  };
}

function podSpec(kind: Kind): YamlObject {
  const weights = kind === 'model' ? [imageVolume('model', modelPlaceholder)] : [];
  return { ...POD_SECURITY, containers: [container(kind)], volumes: [...weights, TEMPORARY] };
}

function container(kind: Kind): YamlObject {
  const weights = kind === 'model' ? [{ name: 'model', mountPath: '/model', readOnly: true }] : [];
  return {
    name: containerName,
    image: kind === 'model' ? runtimePlaceholder : modelPlaceholder,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'http', containerPort: 8000 }],
    startupProbe: probe(2, 60),
    readinessProbe: probe(5, 3),
    livenessProbe: probe(20, 6),
    securityContext: CONTAINER_SECURITY,
    volumeMounts: [...weights, { name: 'tmp', mountPath: '/tmp' }],
  };
}

const probe = (periodSeconds: number, failureThreshold: number) => ({
  httpGet: { path: '/v2/health/ready', port: 'http' },
  periodSeconds,
  timeoutSeconds: 5,
  failureThreshold,
});

function service(model: string): YamlObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: model, labels: selector(model) },
    spec: { selector: selector(model), ports: [{ name: 'http', port: 8000, targetPort: 'http', appProtocol: 'http' }] },
  };
}
