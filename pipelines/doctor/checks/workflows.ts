import type { BranchRules, Looked } from '#codehost';
import type { Facts } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';
import { jobsOf, nameOf } from '../secrets.ts';
import type { Workflow } from '../workflows.ts';

/** What writes the check, in one job or in stages. */
const OPENING = ['check', 'open'];
const COMMIT = /@(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const REWRITE =
  'remove it, run fieldproof init --github (or --forks) --action <owner>/fieldproof@<commit>, and commit what it writes';

/** Whether the workflows are there, are current, and answer to what happens. */
export function checkWorkflows(facts: Facts): Finding {
  return about(facts.workflows, (workflows) => {
    const findings = [present(workflows, facts), pinned(workflows), current(workflows, facts), answering(workflows, facts)];
    return findings.find(({ state }) => state === 'missing') ?? well(`${workflows.length} call Fieldproof, and are current`);
  });
}

function present(workflows: readonly Workflow[], { configuration, repository }: Facts): Finding {
  const checks = workflows.filter(({ jobs }) => jobs.some(({ command }) => OPENING.includes(command)));
  const [first, second] = checks;
  if (first === undefined) return absent('check', 'judges a pull request', repository.defaultBranch);
  if (second !== undefined)
    return missing(
      `${first.file} and ${second.file} both write the check`,
      'keep one of the two: they would write over each other',
    );
  const has = (command: string) => jobsOf(workflows, [command]).length > 0;
  const config = configuration.state === 'seen' && configuration.value.kind === 'read' ? configuration.value.config : null;
  if (config?.deploy && !has('deploy')) return absent('deploy', 'deploys what passed', repository.defaultBranch);
  if ((config?.replays ?? []).length > 0 && !has('replay'))
    return absent('replay', 'replays the deployed models', repository.defaultBranch);
  return well('there');
}

function absent(name: string, does: string, branch: string): Finding {
  return missing(
    `no workflow on ${branch} ${does}`,
    `fieldproof init --github writes fieldproof-${name}.yml; commit it and push it to ${branch}`,
  );
}

function pinned(workflows: readonly Workflow[]): Finding {
  for (const job of jobsOf(workflows)) {
    if (/@0+$/.test(job.action))
      return missing(`${nameOf(job)} names no commit of Fieldproof yet`, 'set it on the line that is marked "set"');
    if (!COMMIT.test(job.action))
      return missing(`${nameOf(job)} calls ${job.action}, which can be moved to other code`, 'pin it to a full commit id');
  }
  return well('pinned');
}

/** Other actions are to be no older than those of the templates: what an old one runs on is taken off the runners one day. */
function current(workflows: readonly Workflow[], { templates }: Facts): Finding {
  const newest = new Map(jobsOf(templates).flatMap(({ uses }) => uses.map(({ action, version }) => [action, version])));
  for (const job of jobsOf(workflows)) {
    const old = job.uses.find(({ action, version }) => isOlder(version, newest.get(action) ?? null));
    if (old !== undefined)
      return missing(
        `${nameOf(job)} calls ${old.action} ${old.version}, and ${newest.get(old.action)} is what init writes`,
        REWRITE,
      );
  }
  return well('current');
}

function isOlder(version: string | null, than: string | null): boolean {
  if (version === null || than === null) return false;
  const [one, other] = [version, than].map((text) => text.split('.').map(Number));
  for (const [at, part] of (one ?? []).entries()) if (part !== (other?.[at] ?? part)) return part < (other?.[at] ?? part);
  return false;
}

function answering(workflows: readonly Workflow[], { repository, defaultRules }: Facts): Finding {
  const { defaultBranch } = repository;
  for (const { file, jobs, pushed, events } of workflows) {
    const runs = (...commands: string[]) => jobs.some(({ command }) => commands.includes(command));
    if (runs('deploy') && pushed !== null && !pushed.includes(defaultBranch))
      return missing(
        `${file} answers pushes to ${pushed.join(', ')}, and merges go to ${defaultBranch}`,
        `write branches: [${defaultBranch}]`,
      );
    if (runs(...OPENING) && hasQueue(defaultRules) && !events.includes('merge_group'))
      return missing(
        `${file} does not answer the merge queue, which would wait for its check for ever`,
        'add merge_group to its events',
      );
  }
  return well('answering');
}

function hasQueue(rules: Looked<BranchRules>): boolean {
  return rules.state === 'seen' && rules.value.upToDate === 'merge queue';
}
