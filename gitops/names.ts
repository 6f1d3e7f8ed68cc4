/**
 * Names that manifests put for an image until an overlay replaces them. `.invalid` (RFC 2606) can be pulled from nowhere:
 * an overlay that forgot one would fail, and never run a stranger's image.
 */
export const modelPlaceholder = 'fieldproof.invalid/model';
export const runtimePlaceholder = 'fieldproof.invalid/runtime';
export const clipPlaceholder = 'fieldproof.invalid/clip';

export const siteLabel = 'fieldproof.dev/site';
/** Nodes carry it too: a node's chipset is not its architecture. */
export const chipsetLabel = 'fieldproof.dev/chipset';

export const containerName = 'model';
/** Of somebody's own program, beside the runtime that brings it messages. */
export const programName = 'program';

export const baseFolder = (model: string): string => `apps/${model}/base`;
export const overlaysFolder = (model: string): string => `apps/${model}/overlays`;
export const overlayFolder = (model: string, site: string, chipset: string): string =>
  `${overlaysFolder(model)}/${site}/${chipset}`;
export const clusterFile = (model: string, site: string): string => `clusters/${site}/${model}.yaml`;
/** The Job that shows a clip to the model of an overlay, once that runs: a kustomization of its own. */
export const replayFolder = (model: string, site: string, chipset: string): string =>
  `${overlayFolder(model, site, chipset)}/replay`;
/** Argo CD's, of all sites. */
export const applicationSetFile = (model: string): string => `argocd/${model}.yaml`;
/** Kargo's, of all sites. */
export const kargoFile = (model: string): string => `kargo/${model}.yaml`;
/** The digest stands in the path as it does in a blob store, for not every file system takes a colon. */
export const recordFile = (model: string, hex: string, chipset: string): string => `records/${model}/${hex}/${chipset}.json`;
/** The source that every model of a site shares. */
export const sourceFile = (site: string): string => `clusters/${site}/fieldproof.yaml`;

/** Whether a path of the fleet repository says anything of what this model deploys. */
export function concernsModel(path: string, model: string): boolean {
  if (path === applicationSetFile(model) || path === kargoFile(model)) return true;
  return path.startsWith(`apps/${model}/`) || (path.startsWith('clusters/') && path.endsWith(`/${model}.yaml`));
}
