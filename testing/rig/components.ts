import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * One program of the rig. It is built within a module of ours, whose go.mod and go.sum pin every version; `copy` is of a
 * module that must be built in a writable copy of itself, because it embeds files that its release process generates.
 */
export type Component = {
  name: string;
  module: RigModule;
  package: string;
  copy?: { of: string; embeds: string; flags: string };
};

export type RigModule = 'kubernetes' | 'flux' | 'argocd';

export const components: readonly Component[] = [
  { name: 'etcd', module: 'kubernetes', package: 'go.etcd.io/etcd/server/v3' },
  { name: 'kube-apiserver', module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  { name: 'kube-controller-manager', module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-controller-manager' },
  { name: 'kube-scheduler', module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  { name: 'kwok', module: 'kubernetes', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  { name: 'source-controller', module: 'flux', package: 'github.com/fluxcd/source-controller' },
  { name: 'kustomize-controller', module: 'flux', package: 'github.com/fluxcd/kustomize-controller' },
  { name: 'kustomize', module: 'flux', package: 'sigs.k8s.io/kustomize/kustomize/v5' },
  { name: 'argocd', module: 'argocd', package: 'github.com/argoproj/argo-cd/v3/cmd' },
  { name: 'redis', module: 'argocd', package: './redis' },
  {
    name: 'flux',
    module: 'flux',
    package: './cmd/flux',
    // What `flux install` would write is embedded; the rig starts the controllers itself.
    copy: {
      of: 'github.com/fluxcd/flux2/v2@v2.9.5',
      embeds: 'cmd/flux/manifests/none.yaml',
      flags: '-X main.VERSION=2.9.5',
    },
  },
];

/** What is taken from the modules as it is: definitions of custom resources, and a script that Argo CD calls for every commit. */
export const carried = [
  { name: 'kwok', module: 'kubernetes', of: 'sigs.k8s.io/kwok', files: ['kustomize/crd/bases/kwok.x-k8s.io_stages.yaml'] },
  {
    name: 'flux',
    module: 'flux',
    of: 'github.com/fluxcd/source-controller',
    files: [
      'config/crd/bases/source.toolkit.fluxcd.io_buckets.yaml',
      'config/crd/bases/source.toolkit.fluxcd.io_externalartifacts.yaml',
      'config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml',
      'config/crd/bases/source.toolkit.fluxcd.io_helmcharts.yaml',
      'config/crd/bases/source.toolkit.fluxcd.io_helmrepositories.yaml',
      'config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml',
    ],
  },
  {
    name: 'flux',
    module: 'flux',
    of: 'github.com/fluxcd/kustomize-controller',
    files: ['config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml'],
  },
  {
    name: 'argocd',
    module: 'argocd',
    of: 'github.com/argoproj/argo-cd/v3',
    files: ['application-crd.yaml', 'applicationset-crd.yaml', 'appproject-crd.yaml'].map((file) => `manifests/crds/${file}`),
  },
  { name: 'argocd-scripts', module: 'argocd', of: 'github.com/argoproj/argo-cd/v3', files: ['hack/git-verify-wrapper.sh'] },
] as const;

export type CarriedFiles = (typeof carried)[number]['name'];

export const moduleFolder = (module: RigModule): string => path.join(import.meta.dirname, 'go', module);

/** Where the programs of exactly these versions are kept, outside the tree: together they take an hour to build. */
export function moduleCache(module: RigModule): string {
  const parts = [components, carried].map((all) => all.filter((part) => part.module === module));
  const hash = createHash('sha256').update(JSON.stringify(parts));
  const sources = ['go.mod', 'go.sum', ...(module === 'argocd' ? ['redis/main.go'] : [])];
  for (const file of sources) hash.update(readFileSync(path.join(moduleFolder(module), file)));
  return path.join(cacheRoot(), 'rig', `${module}-${hash.digest('hex').slice(0, 12)}`);
}

export function cacheRoot(): string {
  const { FIELDPROOF_CACHE, XDG_CACHE_HOME } = process.env;
  return FIELDPROOF_CACHE ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'fieldproof');
}

export function binary(name: string): string {
  const component = components.find((each) => each.name === name);
  if (component === undefined) throw new Error(`the rig has no program ${name}`);
  return path.join(moduleCache(component.module), name);
}

export function carriedFolder(name: CarriedFiles): string {
  const module = { kwok: 'kubernetes', flux: 'flux', argocd: 'argocd', 'argocd-scripts': 'argocd' } as const;
  return path.join(moduleCache(module[name]), 'carried', name);
}

/** Programs that `make rig-build` has yet to build here, for a rig with these controllers. Argo CD calls kustomize too. */
export function missingComponents(controllers: readonly RigModule[] = ['flux', 'argocd']): string[] {
  const modules = ['kubernetes', ...controllers];
  const wanted = components.filter(({ name, module }) => modules.includes(module) || name === 'kustomize');
  return wanted.map(({ name }) => name).filter((name) => !existsSync(binary(name)));
}
