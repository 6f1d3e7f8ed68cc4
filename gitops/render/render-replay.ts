import { clipPlaceholder, replayFolder, runtimePlaceholder } from '../names.ts';
import { CONTAINER_SECURITY, imageVolume, imageVolumesOf, POD_SECURITY, TEMPORARY } from './pod.ts';
import type { Controller, DeployedRelease, ImagePin, ManifestFile, Site, SiteReplay } from '../release.ts';
import { labelsAt, pin } from './render-overlay.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

/** Seconds until a replay that hangs is ended; downloads of the clip count. */
const DEADLINE = 1800;

/**
 * The Job that shows a fixed clip to the model where it runs: a camera has no traffic to judge a canary by. Argo CD runs it as
 * a hook, after all else of the Application is healthy; for Flux it is a Kustomization that depends on the model's.
 */
export function renderReplay(
  { controller, model, replay }: { controller: Controller; model: string; replay: SiteReplay },
  site: Site,
  release: DeployedRelease,
): ManifestFile[] {
  const folder = replayFolder(model, site.name, site.chipset.name);
  const here = replay.on.get(site.chipset.name);
  if (here === undefined) throw new Error(`no expected scores on ${site.chipset.name}`);
  const { runtime, expected } = here;
  return [
    yamlFile(`${folder}/kustomization.yaml`, kustomization({ controller, model, clip: replay.clip, runtime }, site)),
    yamlFile(`${folder}/job.yaml`, job({ controller, model, expected }, site, release)),
    yamlFile(`${folder}/image-volumes.yaml`, imageVolumesOf('Job')),
  ];
}

/** Argo CD builds it as a part of the overlay, whose names it then gets; for Flux it gives them itself. */
function kustomization(
  { controller, model, clip, runtime }: { controller: Controller; model: string; clip: ImagePin; runtime: ImagePin },
  site: Site,
): YamlObject {
  const names = { namespace: model, nameSuffix: `-${site.chipset.name}`, labels: labelsAt(site) };
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...(controller === 'flux' ? names : {}),
    resources: ['job.yaml'],
    images: [pin(runtimePlaceholder, runtime), pin(clipPlaceholder, clip)],
    configurations: ['image-volumes.yaml'],
  };
}

const HOOK = {
  annotations: { 'argocd.argoproj.io/hook': 'PostSync', 'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation' },
};

function job(
  { controller, model, expected }: { controller: Controller; model: string; expected: string },
  site: Site,
  release: DeployedRelease,
): YamlObject {
  // Not the model's own label: its Service would send it requests.
  const labels = { 'app.kubernetes.io/name': `${model}-replay` };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${model}-replay`, labels, ...(controller === 'argocd' ? HOOK : {}) },
    spec: {
      // Once more, should the network between the two pods not be there yet.
      backoffLimit: 1,
      activeDeadlineSeconds: DEADLINE,
      template: { metadata: { labels }, spec: podSpec(`http://${model}-${site.chipset.name}:8000`, expected, site, release) },
    },
  };
}

function podSpec(url: string, expected: string, { chipset }: Site, release: DeployedRelease): YamlObject {
  const [os = 'linux', architecture = 'amd64'] = chipset.platform.split('/');
  return {
    restartPolicy: 'Never',
    ...POD_SECURITY,
    nodeSelector: { 'kubernetes.io/os': os, 'kubernetes.io/arch': architecture },
    containers: [
      {
        name: 'replay',
        image: runtimePlaceholder,
        imagePullPolicy: 'IfNotPresent',
        command: ['/usr/local/bin/node', '/app/runtime/replay.ts'],
        // The release is named so that each one makes another Job.
        args: ['--url', url, '--clip', '/clip', '--release', release.model.digest, '--expected', expected],
        securityContext: CONTAINER_SECURITY,
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } },
        volumeMounts: [
          { name: 'clip', mountPath: '/clip', readOnly: true },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [imageVolume('clip', clipPlaceholder), TEMPORARY],
  };
}
