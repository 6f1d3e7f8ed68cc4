import type { Controller } from '../release.ts';
import { chipsetLabel, siteLabel } from '../names.ts';

type Place = { model: string; site: string; chipset: string };

/** What the objects and pods of a release are called, with {model}, {site} and {chipset} for those of the release. */
export type RolloutNames = {
  /** `namespace/name` of the Kustomization or Application. */
  object: string;
  pods: { namespace: string; labels: Readonly<Record<string, string>> };
};

/** As the manifests have it that Fieldproof writes. */
export function ownNames(controller: Controller): RolloutNames {
  return {
    object: { flux: 'flux-system/{model}.{chipset}', argocd: 'argocd/{model}.{site}.{chipset}' }[controller],
    pods: {
      namespace: '{model}',
      labels: { 'app.kubernetes.io/name': '{model}', [siteLabel]: '{site}', [chipsetLabel]: '{chipset}' },
    },
  };
}

/** What shows a clip to a release at a site, as the manifests have it: Flux's Kustomization, or the Job that is Argo CD's hook. */
export function replayObject(controller: Controller, { model, chipset }: Place): { namespace: string; name: string } {
  if (controller === 'flux') return { namespace: 'flux-system', name: `${model}.${chipset}.replay` };
  return { namespace: model, name: `${model}-replay-${chipset}` };
}

/** The names of one release at one site. */
export function namesAt(
  { object, pods }: RolloutNames,
  place: Place,
): { object: { namespace: string; name: string }; pods: { namespace: string; labels: Readonly<Record<string, string>> } } {
  const fill = (text: string) => text.replaceAll(/\{(model|site|chipset)\}/g, (_, part: keyof Place) => place[part]);
  const [namespace = '', ...name] = fill(object).split('/');
  const labels = Object.fromEntries(Object.entries(pods.labels).map(([key, value]) => [key, fill(value)]));
  return { object: { namespace, name: name.join('/') }, pods: { namespace: fill(pods.namespace), labels } };
}
