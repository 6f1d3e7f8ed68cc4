import type { Installed } from '../facts.ts';
import { missing, unknown, well, type Finding } from '../finding.ts';

/** Whether `deploy` and `watch` find the clusters whose controllers they look at. */
export function checkControllers({ contexts }: Installed): Finding {
  if (contexts.length === 0) return well('nothing is deployed');
  const absent = contexts.filter(({ state }) => state === 'absent').map(({ context }) => context ?? 'a current one');
  if (absent.length > 0)
    return missing(
      `the kubeconfig here has no context ${absent.join(', ')}`,
      'kubectl config set-context, or name another under deploy.sites[].context (or deploy.context) in fieldproof.yaml',
    );
  if (contexts.some(({ state }) => state === 'no kubeconfig'))
    return unknown('a kubeconfig on this machine', 'run it again with KUBECONFIG set, where deploy and watch are to run');
  return well(`the kubeconfig here has a context for each site`);
}
