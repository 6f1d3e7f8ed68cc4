import { seen, type BranchRules, type Looked } from '../../repository-settings.ts';
import type { Client } from './client.ts';
import { look, nullWhereAbsent } from './look.ts';

/** The rulesets of a branch and the older branch protection together: GitHub holds a push to both. */
export async function branchRules(client: Client, branch: string): Promise<Looked<BranchRules>> {
  const rulesets = await look('metadata: read', () => ofRulesets(client, branch));
  if (rulesets.state === 'unseen') return rulesets;
  const protection = await ofProtection(client, branch);
  if (protection.state === 'unseen') return protection;
  return seen(protection.value === null ? rulesets.value : both(rulesets.value, protection.value));
}

async function ofRulesets({ octokit, repo }: Client, branch: string): Promise<BranchRules> {
  const rules = await octokit.paginate(octokit.rest.repos.getBranchRules, { ...repo, branch, per_page: 100 });
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const checks = rules.flatMap((rule) => (rule.type === 'required_status_checks' ? [rule.parameters] : []));
  const required = checks.flatMap((parameters) => parameters?.required_status_checks ?? []);
  const strict = checks.some((parameters) => parameters?.strict_required_status_checks_policy === true);
  return {
    forbidsForcePush: has('non_fast_forward'),
    forbidsDeletion: has('deletion'),
    requiredChecks: required.map(({ context, integration_id }) => ({ name: context, source: integration_id ?? null })),
    upToDate: has('merge_queue') ? 'merge queue' : strict ? 'required' : 'not required',
  };
}

/** Null where the branch has none, or is not there. */
async function ofProtection({ octokit, repo }: Client, branch: string): Promise<Looked<BranchRules | null>> {
  const there = await look('contents: read', () => nullWhereAbsent(octokit.rest.repos.getBranch({ ...repo, branch })));
  if (there.state === 'unseen') return there;
  // Where there is none, some servers leave it out.
  const { protection }: { protection?: { enabled?: boolean } } = there.value?.data ?? {};
  if (protection?.enabled !== true) return seen(null);
  return await look('administration: read', async () => {
    const answer = await nullWhereAbsent(octokit.rest.repos.getBranchProtection({ ...repo, branch }));
    if (answer === null) return null;
    const { allow_force_pushes, allow_deletions, required_status_checks: checks } = answer.data;
    return {
      forbidsForcePush: allow_force_pushes?.enabled !== true,
      forbidsDeletion: allow_deletions?.enabled !== true,
      requiredChecks: (checks?.checks ?? []).map(({ context, app_id }) => ({ name: context, source: app_id })),
      upToDate: checks?.strict === true ? 'required' : 'not required',
    };
  });
}

function both(one: BranchRules, other: BranchRules): BranchRules {
  return {
    forbidsForcePush: one.forbidsForcePush || other.forbidsForcePush,
    forbidsDeletion: one.forbidsDeletion || other.forbidsDeletion,
    requiredChecks: [...one.requiredChecks, ...other.requiredChecks],
    upToDate: one.upToDate === 'not required' ? other.upToDate : one.upToDate,
  };
}
