import path from 'node:path';

/** A node that kwok plays. `platform` as OCI writes it. */
export type SimulatedNode = { name: string; chipset: string; platform: string };

/** The annotation of nodes that kwok plays. */
export const PLAYED = 'kwok.x-k8s.io/node=fake';

export function nodeManifest({ name, chipset, platform }: SimulatedNode): object {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/');
  const labels = {
    'kubernetes.io/os': os,
    'kubernetes.io/arch': architecture,
    'kubernetes.io/hostname': name,
    'fieldproof.dev/chipset': chipset,
  };
  const [key = '', value = ''] = PLAYED.split('=');
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels, annotations: { [key]: value } } };
}

/** Beside its other files. */
export const AUDIT_LOG = 'audit.log';
export const AUDIT_POLICY = 'audit-policy.json';

type Served = { name: string; etcd: string; audit?: object | undefined };

export function apiServerArguments(folder: string, port: number, { name, etcd, audit }: Served): string[] {
  const accounts = path.join(folder, 'accounts.pem');
  return [
    `--etcd-servers=${etcd}`,
    `--etcd-prefix=/${name}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    // The loopback is no address for the Service `kubernetes`; nothing here runs in a pod and asks for it.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${path.join(folder, 'certificates')}`,
    `--token-auth-file=${path.join(folder, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${accounts}`,
    `--service-account-signing-key-file=${accounts}`,
    '--authorization-mode=RBAC',
    // It taints new nodes until the node lifecycle controller, which the rig leaves out, says that they are ready.
    '--disable-admission-plugins=TaintNodesByCondition',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged=false',
    '--profiling=false',
    ...(audit === undefined ? [] : auditArguments(folder)),
  ];
}

const auditArguments = (folder: string): string[] => [
  `--audit-policy-file=${path.join(folder, AUDIT_POLICY)}`,
  `--audit-log-path=${path.join(folder, AUDIT_LOG)}`,
];

/** What Deployments, Jobs, StatefulSets, disks and namespaces need; no node lifecycle: a busy machine must not evict pods. */
export function controllerArguments(folder: string): string[] {
  const needed = [
    'deployment-controller',
    'replicaset-controller',
    'job-controller',
    'namespace-controller',
    'garbage-collector-controller',
    'serviceaccount-controller',
    'endpointslice-controller',
    // A graph has a broker, and stages that keep what they promised on a disk.
    'statefulset-controller',
    'persistentvolume-binder-controller',
  ];
  return [`--controllers=${needed.join(',')}`, `--service-account-private-key-file=${path.join(folder, 'accounts.pem')}`];
}
