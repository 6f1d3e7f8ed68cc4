import {
  chipsetLabel,
  containerName,
  modelPlaceholder,
  overlayFolder,
  programName,
  runtimePlaceholder,
  siteLabel,
} from '../names.ts';
import { imageVolumesOf, nodesOf, resourcesOf } from './pod.ts';
import type { ChipsetResources, DeployedRelease, ImagePin, ManifestFile, Site } from '../release.ts';
import type { PodExtras } from './render-base.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

/** What an overlay may hold beside the base. */
export const OVERLAY_PARTS = ['analysis.yaml', 'replay', 'edges.yaml', 'network.yaml'] as const;
type OverlayPart = (typeof OVERLAY_PARTS)[number];

/**
 * What one site runs on one chipset: every image whole and by digest, and the room it was measured in.
 */
export function renderOverlay(
  model: string,
  site: Site,
  release: DeployedRelease,
  more: readonly OverlayPart[] = [],
  { annotations = {}, strategy = 'beside each other', program = false, among = 1, devices = true }: Partial<Patched> = {},
): ManifestFile[] {
  const folder = overlayFolder(model, site.name, site.chipset.name);
  const files = [
    yamlFile(`${folder}/kustomization.yaml`, kustomization(model, site, release, more)),
    yamlFile(`${folder}/deployment.yaml`, patch(model, site, release, { annotations, strategy, program, among, devices })),
  ];
  return release.kind === 'model' ? [...files, yamlFile(`${folder}/image-volumes.yaml`, imageVolumesOf('Deployment'))] : files;
}

/** Seconds that a rollout may take. At 2 Mbit/s, half an hour moves 450 MB. */
export function rolloutSeconds({ link, timeout }: Pick<Site, 'link' | 'timeout'>): number {
  if (timeout != null) return Math.max(1, Math.ceil(timeout / 1000));
  return link !== null && link < 10_000_000 ? 1800 : 600;
}

function kustomization(model: string, site: Site, release: DeployedRelease, more: readonly OverlayPart[]): YamlObject {
  const runtime = release.kind === 'model' ? [pin(runtimePlaceholder, release.runtime)] : [];
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: model,
    nameSuffix: `-${site.chipset.name}`,
    resources: ['../../../base', ...more],
    labels: labelsAt(site),
    images: [pin(modelPlaceholder, release.model), ...runtime],
    ...(release.kind === 'model' ? { configurations: ['image-volumes.yaml'] } : {}),
    patches: [{ path: 'deployment.yaml' }],
  };
}

/** Labels by which one Service finds the pods of one place. */
export const labelsAt = ({ name, chipset }: Site): YamlObject[] => [
  { pairs: { [chipsetLabel]: chipset.name }, includeSelectors: true },
  { pairs: { [siteLabel]: name }, includeTemplates: true },
];

export const pin = (name: string, { image, digest }: ImagePin) => ({ name, newName: image, digest });

/** `among`: how many containers share the chipset there; `devices`: whether this one needs what only one can have. */
type Patched = Pick<PodExtras, 'annotations' | 'strategy' | 'program'> & { among: number; devices: boolean };

function patch(model: string, site: Site, release: DeployedRelease, patched: Patched): YamlObject {
  const { annotations, strategy, program, among, devices } = patched;
  const { chipset } = site;
  const resources = resourcesOf(chipset, { among, devices });
  // The program has the devices, and what moves its messages needs none.
  const beside = resourcesOf(chipset, { among, devices: devices && !program });
  const args = release.kind === 'model' ? { args: runtimeArguments(release.variant, chipset) } : {};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: model },
    spec: {
      progressDeadlineSeconds: rolloutSeconds(site),
      // With a disk the old pod goes first in any case.
      ...(strategy === 'beside each other' && devices ? strategyFor(chipset) : {}),
      template: {
        ...(Object.keys(annotations).length === 0 ? {} : { metadata: { annotations } }),
        spec: {
          ...(chipset.placement?.runtimeClass == null ? {} : { runtimeClassName: chipset.placement.runtimeClass }),
          ...nodesOf(chipset),
          ...(program ? { initContainers: [{ name: programName, resources }] } : {}),
          containers: [{ name: containerName, ...args, resources: beside }],
        },
      },
    },
  };
}

/** A device serves one pod: beside the old one the new one would wait for it for ever. */
function strategyFor({ placement }: ChipsetResources): YamlObject {
  const needsDevice = Object.keys(placement?.resources ?? {}).length > 0;
  return needsDevice ? { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } : {};
}

function runtimeArguments(variant: string | null, { cpus }: ChipsetResources): string[] {
  const variantArguments = variant === null ? [] : ['--variant', variant];
  const threads = String(Math.max(1, Math.floor(cpus)));
  return ['--model', '/model', '--host', '0.0.0.0', '--port', '8000', ...variantArguments, '--threads', threads];
}
