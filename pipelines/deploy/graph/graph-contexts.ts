import type { DeployConfig } from '#config';
import type { Contexts } from './graph-targets.ts';

/** Flux runs at each site; Argo CD where it runs, and deploys to sites that this machine may have no way to. */
export function contextsOf({ controller, sites, watch }: Pick<DeployConfig, 'controller' | 'sites' | 'watch'>): Contexts {
  const ofSite = (name: string) => sites.find((site) => site.name === name)?.context ?? null;
  if (controller === 'flux') {
    const own = (name: string) => ofSite(name) ?? watch.context;
    return { controller: own, pods: (name) => ({ context: own(name) }) };
  }
  return {
    controller: () => watch.context,
    pods: (name) => {
      const context = ofSite(name);
      return context === null ? null : { context };
    },
  };
}
