import { chipsetLabel, containerName, modelPlaceholder, overlayFolder, runtimePlaceholder, siteLabel } from './names.ts';
import type { ChipsetPlacement, DeployedRelease, ImagePin, ManifestFile, Site } from './release.ts';
import { yamlFile, type YamlObject } from './write-yaml.ts';

/** Where the volume of a pod names an image: kustomize replaces images in containers only, unless it is told. */
const IMAGE_VOLUMES = { images: [{ path: 'spec/template/spec/volumes[]/image/reference', kind: 'Deployment' }] };

/** What one site runs on one chipset: every image whole and by digest, and the room it was measured in. */
export function renderOverlay(model: string, site: Site, release: DeployedRelease): ManifestFile[] {
  const folder = overlayFolder(model, site.name, site.chipset.name);
  const files = [
    yamlFile(`${folder}/kustomization.yaml`, kustomization(model, site, release)),
    yamlFile(`${folder}/deployment.yaml`, patch(model, site, release)),
  ];
  return release.kind === 'model' ? [...files, yamlFile(`${folder}/image-volumes.yaml`, IMAGE_VOLUMES)] : files;
}

/** Seconds that a rollout may take. At 2 Mbit/s, half an hour moves 450 MB. */
export function rolloutSeconds(site: Pick<Site, 'link'>): number {
  return site.link !== null && site.link < 10_000_000 ? 1800 : 600;
}

function kustomization(model: string, site: Site, release: DeployedRelease): YamlObject {
  const runtime = release.kind === 'model' ? [pin(runtimePlaceholder, release.runtime)] : [];
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    namespace: model,
    nameSuffix: `-${site.chipset.name}`,
    resources: ['../../../base'],
    labels: [
      { pairs: { [chipsetLabel]: site.chipset.name }, includeSelectors: true },
      { pairs: { [siteLabel]: site.name }, includeTemplates: true },
    ],
    images: [pin(modelPlaceholder, release.model), ...runtime],
    ...(release.kind === 'model' ? { configurations: ['image-volumes.yaml'] } : {}),
    patches: [{ path: 'deployment.yaml' }],
  };
}

const pin = (name: string, { image, digest }: ImagePin) => ({ name, newName: image, digest });

function patch(model: string, site: Site, release: DeployedRelease): YamlObject {
  const { chipset } = site;
  const args = release.kind === 'model' ? { args: runtimeArguments(release.variant, chipset) } : {};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: model },
    spec: {
      progressDeadlineSeconds: rolloutSeconds(site),
      template: {
        spec: {
          affinity: affinity(chipset),
          containers: [{ name: containerName, ...args, resources: resources(chipset) }],
        },
      },
    },
  };
}

function runtimeArguments(variant: string | null, { cpus }: ChipsetPlacement): string[] {
  const variantArguments = variant === null ? [] : ['--variant', variant];
  const threads = String(Math.max(1, Math.floor(cpus)));
  return ['--model', '/model', '--host', '0.0.0.0', '--port', '8000', ...variantArguments, '--threads', threads];
}

/** Requests equal limits: what was measured with whole CPUs of its own is promised them. */
function resources({ cpus, memoryBytes }: ChipsetPlacement): YamlObject {
  const amounts = { cpu: cpuQuantity(cpus), ...(memoryBytes === null ? {} : { memory: memoryQuantity(memoryBytes) }) };
  return { requests: amounts, limits: amounts };
}

function cpuQuantity(cpus: number): string {
  return Number.isInteger(cpus) ? String(cpus) : `${Math.round(cpus * 1000)}m`;
}

function memoryQuantity(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return Number.isInteger(mebibytes) ? `${mebibytes}Mi` : String(bytes);
}

function affinity({ name, platform }: ChipsetPlacement): YamlObject {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/');
  const matchExpressions = [oneOf('kubernetes.io/os', os), oneOf('kubernetes.io/arch', architecture), oneOf(chipsetLabel, name)];
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } } };
}

const oneOf = (key: string, value: string) => ({ key, operator: 'In', values: [value] });
