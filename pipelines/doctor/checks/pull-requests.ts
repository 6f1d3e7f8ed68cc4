import type { Installed } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';
import { publishesAsApp } from '../publishes-as-app.ts';

/** A job's token opens the pull requests that propose what to label, and GitHub forbids it that at first. */
export function checkPullRequests(facts: Installed): Finding {
  if (facts.config.replays.every(({ harvest }) => harvest === null)) return well('no replay proposes what to label');
  if (publishesAsApp(facts)) return well('the App opens them');
  return about(facts.jobsMayOpenPullRequests, (may) =>
    may
      ? well('jobs may open them')
      : missing(
          'jobs may not open pull requests, and the replay proposes what to label by one',
          'Settings > Actions > General > Workflow permissions > "Allow GitHub Actions to create and approve pull requests"',
        ),
  );
}
