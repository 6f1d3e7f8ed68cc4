import type { Environment } from '#codehost';
import type { Installed } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';
import { jobsOf } from '../secrets.ts';

/** As the stages name it, where a stranger's change comes to a runner of one's own. */
const FORK_RUNNERS = 'fieldproof-fork-runners';

/** Environments that are named have to be there, and that of the runners has to ask somebody: GitHub makes an open one otherwise. */
export function checkEnvironments(facts: Installed): Finding {
  return about(facts.workflows, (workflows) => {
    const named = jobsOf(workflows).flatMap(({ environment }) => environment ?? []);
    const ownRunners = facts.config.chipsets.some(({ at }) => at.kind === 'runner');
    const asks = ownRunners && jobsOf(workflows, ['open']).length > 0;
    if (named.length === 0 && !asks) return well('no job needs one');
    return about(facts.environments, (environments) => judge(named, asks, environments));
  });
}

function judge(named: readonly string[], asks: boolean, environments: readonly Environment[]): Finding {
  const there = new Map(environments.map((each) => [each.name, each]));
  const absent = named.find((name) => !there.has(name));
  if (absent !== undefined)
    return missing(
      `a job names the environment ${absent}, which is not there`,
      `Settings > Environments > New environment: ${absent}`,
    );
  if (!asks) return well('each that a job names is there');
  if (there.get(FORK_RUNNERS)?.hasReviewers === true) return well(`${FORK_RUNNERS} asks before a fork reaches a runner`);
  return missing(
    `${FORK_RUNNERS} has no required reviewers: any fork reaches your runners`,
    `Settings > Environments > ${FORK_RUNNERS} > Required reviewers`,
  );
}
