import { Application, ApplicationSet } from '@kubernetes-models/argo-cd/argoproj.io/v1alpha1';
import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { Kustomization } from '@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1';
import { GitRepository, OCIRepository } from '@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { ConfigMap, Namespace, PersistentVolumeClaim, Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import type { ManifestFile } from './release.ts';

export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec?: unknown;
};
type Published = new (data: never) => { validate(): void };

/** The types that the makers of these kinds publish. */
export const PUBLISHED: Readonly<Record<string, Published>> = {
  'apps/v1 Deployment': Deployment,
  'apps/v1 StatefulSet': StatefulSet,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'v1 ConfigMap': ConfigMap,
  'v1 PersistentVolumeClaim': PersistentVolumeClaim,
  'v1 Service': Service,
  'v1 Namespace': Namespace,
  'source.toolkit.fluxcd.io/v1 GitRepository': GitRepository,
  'kustomize.toolkit.fluxcd.io/v1 Kustomization': Kustomization,
  'source.toolkit.fluxcd.io/v1 OCIRepository': OCIRepository,
  'argoproj.io/v1alpha1 Application': Application,
  'argoproj.io/v1alpha1 ApplicationSet': ApplicationSet,
  'argoproj.io/v1alpha1 AnalysisTemplate': AnalysisTemplate,
  'batch/v1 Job': Job,
};

/** Kargo publishes CRDs, and no package of types. */
const OTHERS = ['kargo.akuity.io/v1alpha1'];

/** Every object that a cluster gets as it is written; patches and kustomize's own files are not objects of a cluster. */
export function objectsOf(files: readonly ManifestFile[]): Manifest[] {
  const parts = /kustomization\.yaml$|image-volumes\.yaml$|\/overlays\/[^/]+\/[^/]+\/deployment\.yaml$|^records\//;
  const whole = files.filter(({ path }) => !parts.test(path));
  const objects = whole.flatMap(({ content }) => parseAllDocuments(content).map((document) => document.toJS() as Manifest));
  return objects.filter((object) => !Array.isArray(object) && !OTHERS.includes(object.apiVersion));
}
