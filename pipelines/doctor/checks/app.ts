import type { Installed } from '../facts.ts';
import { about, missing, unknown, well, worst, type Finding } from '../finding.ts';
import { publishesAsApp } from '../publishes-as-app.ts';
import { handed, jobsOf } from '../secrets.ts';

const PUBLISHING = ['check', 'open', 'predict', 'publish'];

/** Whether the jobs that write the check are given the App that policy asks for. */
export function checkApp(facts: Installed): Finding {
  const { appId } = facts.config.github;
  if (appId === null)
    return well("policy asks for none: the check is published by the job's token (docs/github.md says what that cannot promise)");
  return about(facts.workflows, (workflows) => {
    const jobs = jobsOf(workflows, PUBLISHING);
    return worst(
      [handed(facts, jobs, 'app-id', 'FIELDPROOF_APP_ID'), handed(facts, jobs, 'app-private-key', 'FIELDPROOF_APP_PRIVATE_KEY')],
      well(`App ${appId} is handed to each job that writes the check`),
    );
  });
}

/** Whether the App may do what is asked of it. */
export function checkAppPermissions(facts: Installed): Finding {
  if (!publishesAsApp(facts)) return well('no App publishes');
  if (facts.app.state === 'unseen')
    return unknown(facts.app.needs, 'run it again with FIELDPROOF_APP_ID and FIELDPROOF_APP_PRIVATE_KEY in the environment');
  const given = facts.app.value;
  if (given === null)
    return missing(
      'the App is not installed on this repository',
      'install it: the page of the App > Install, and choose this repository',
    );
  const lacking = Object.entries(neededOf(facts)).filter(([name, level]) => given[name] !== level && given[name] !== 'write');
  if (lacking.length === 0) return well('the App may do all that is asked of it');
  const named = lacking.map(([name, level]) => `${name}: ${level}`).join(', ');
  return missing(
    `the App lacks ${named}`,
    'the settings of the App > Permissions & events; then accept it at its installation (Settings > GitHub Apps > Configure)',
  );
}

/** As docs/github.md lists them. */
function neededOf({ config }: Installed): Record<string, string> {
  return {
    checks: 'write',
    pull_requests: 'write',
    ...(config.replays.length > 0 ? { issues: 'write' } : {}),
    ...(config.deploy !== null ? { deployments: 'write' } : {}),
    ...(config.github.pictures.kind === 'branch' ? { contents: 'write' } : {}),
    metadata: 'read',
  };
}
