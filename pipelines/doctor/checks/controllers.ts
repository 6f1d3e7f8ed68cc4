import type { Installed } from '../facts.ts';
import { about, missing, unknown, well, type Finding } from '../finding.ts';
import { handed, jobsOf } from '../secrets.ts';

/** Whether `deploy` and `watch` find the clusters whose controllers they look at. */
export function checkControllers(facts: Installed): Finding {
  const { contexts } = facts;
  if (contexts.length === 0) return well('nothing is deployed');
  const absent = contexts.filter(({ state }) => state === 'absent').map(({ context }) => context ?? 'a current one');
  if (absent.length > 0)
    return missing(
      `the kubeconfig here has no context ${absent.join(', ')}`,
      'kubectl config set-context, or name another under deploy.sites[].context (or deploy.context) in fieldproof.yaml',
    );
  if (contexts.some(({ state }) => state === 'no kubeconfig'))
    return unknown('a kubeconfig on this machine', 'run it again with KUBECONFIG set, where deploy and watch are to run');
  return reached(facts);
}

/** A release goes on to the next wave when the canaries are seen to be healthy, by the job that deploys. */
function reached(facts: Installed): Finding {
  const there = well('the kubeconfig here has a context for each site');
  if (facts.config.deploy?.sites.some(({ canary }) => canary) !== true) return there;
  return about(facts.workflows, (workflows) => {
    const found = handed(facts, jobsOf(workflows, ['deploy']), 'kubeconfig', 'FIELDPROOF_KUBECONFIG');
    return found.state === 'well' ? there : found;
  });
}
