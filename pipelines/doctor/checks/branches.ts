import type { Facts, Installed } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';
import { LEDGER_BRANCH } from '../gather-facts.ts';

const NEW_RULESET = 'Settings > Rules > Rulesets > New branch ruleset';

/** Whether what the ledger has said can be taken back by a push. */
export function checkLedgerBranch({ ledgerRules }: Facts): Finding {
  return about(ledgerRules, ({ forbidsForcePush, forbidsDeletion }) => {
    const open = [...(forbidsForcePush ? [] : ['moved back by a forced push']), ...(forbidsDeletion ? [] : ['deleted'])];
    if (open.length === 0) return well(`${LEDGER_BRANCH} can only grow`);
    const boxes = [...(forbidsForcePush ? [] : ['"Block force pushes"']), ...(forbidsDeletion ? [] : ['"Restrict deletions"'])];
    return missing(
      `${LEDGER_BRANCH} can be ${open.join(' or ')}, and what it said would be gone`,
      `${NEW_RULESET} for ${LEDGER_BRANCH}, with ${boxes.join(' and ')} and nobody who may bypass it`,
    );
  });
}

/** Whether anything can be merged without a verdict on the very thing that it becomes. */
export function checkRequiredCheck({ defaultRules, config, repository }: Installed): Finding {
  const { checkName, appId } = config.github;
  const where = `${NEW_RULESET} for ${repository.defaultBranch}`;
  return about(defaultRules, ({ requiredChecks, upToDate }) => {
    const ours = requiredChecks.filter(({ name }) => name === checkName);
    if (ours.length === 0)
      return missing(
        `${repository.defaultBranch} does not require the check ${checkName}`,
        `${where}: "Require status checks to pass", ${checkName}`,
      );
    if (appId !== null && !ours.some(({ source }) => source === appId))
      return missing(
        `the check ${checkName} is required of anybody: any workflow could publish one of its name`,
        `in the ruleset choose App ${appId} as the source of ${checkName}`,
      );
    if (upToDate === 'not required')
      return missing(
        `a pull request may be merged into a ${repository.defaultBranch} that it was not judged against`,
        'in the ruleset choose "Require branches to be up to date before merging", or a merge queue',
      );
    return well(`${repository.defaultBranch} requires ${checkName}, judged against what it is merged into`);
  });
}
