import { chipsetLabel } from '../names.ts';
import type { ChipsetResources } from '../release.ts';
import type { YamlObject } from './write-yaml.ts';

/** Nobody, as distroless images and our runtime's have it. */
export const USER = 65532;

const NOBODY: YamlObject = { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, seccompProfile: { type: 'RuntimeDefault' } };

/** What every pod of ours has: no token, no rights, nobody's user. */
export const POD_SECURITY: YamlObject = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: NOBODY,
};

/** The same, with volumes that it may write. */
export const inGroup = (group: number): YamlObject => ({ ...POD_SECURITY, securityContext: { ...NOBODY, fsGroup: group } });

export const CONTAINER_SECURITY: YamlObject = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

export const TEMPORARY: YamlObject = { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } };

/** An image mounted as a folder: Kubernetes 1.33 or newer. */
export const imageVolume = (name: string, reference: string): YamlObject => ({
  name,
  image: { reference, pullPolicy: 'IfNotPresent' },
});

/**
 * Where the volume of a pod names an image: kustomize replaces images in containers only, unless it is told. Since 5.7 it knows
 * the field, with `create`, and refuses to merge one without.
 */
export const imageVolumesOf = (kind: string): YamlObject => ({
  images: [{ path: 'spec/template/spec/volumes[]/image/reference', kind, create: true }],
});

/** The nodes of a chipset. Its platform counts beside the labels: one label may stand on machines of two architectures. */
export function nodesOf({ name, platform, placement }: ChipsetResources): YamlObject {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/');
  const labels = Object.entries(placement?.nodes ?? {});
  const matchExpressions = [
    oneOf('kubernetes.io/os', os),
    oneOf('kubernetes.io/arch', architecture),
    ...(labels.length === 0 ? [oneOf(chipsetLabel, name)] : labels.map(([label, value]) => oneOf(label, value))),
  ];
  return {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  };
}

/**
 * Requests equal limits: what was measured with whole CPUs of its own is promised them. Devices have no other way.
 * @param shared `among`: containers that share the chipset, as they did where they were measured: each is promised its part, and may use what
 * others leave; `devices`: whether it needs those, which nothing shares
 */
export function resourcesOf(
  { cpus, memoryBytes, placement }: ChipsetResources,
  { among = 1, devices: needsDevices = true }: { among?: number; devices?: boolean } = {},
): YamlObject {
  const named = needsDevices ? Object.entries(placement?.resources ?? {}) : [];
  const devices = Object.fromEntries(named.map(([name, count]) => [name, String(count)]));
  const part = (by: number) => ({
    cpu: cpuQuantity(cpus / by),
    ...(memoryBytes === null ? {} : { memory: memoryQuantity(Math.floor(memoryBytes / by)) }),
    ...devices,
  });
  return { requests: part(among), limits: part(1) };
}

function cpuQuantity(cpus: number): string {
  return Number.isInteger(cpus) ? String(cpus) : `${Math.floor(cpus * 1000)}m`;
}

function memoryQuantity(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return Number.isInteger(mebibytes) ? `${mebibytes}Mi` : String(bytes);
}

const oneOf = (key: string, value: string) => ({ key, operator: 'In', values: [value] });
