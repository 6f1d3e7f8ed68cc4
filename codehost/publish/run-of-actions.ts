type Environment = Readonly<Record<string, string | undefined>>;

/** The page of the job's run, where a check's details are. */
export function runUrl(env: Environment): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : null;
}

/** What the way in which this job was started cannot promise; said in the check, beside the verdict. */
export function remarksOf(env: Environment): string[] {
  const own =
    env['GITHUB_EVENT_NAME'] === 'pull_request'
      ? [
          'This check was published by a workflow that the pull request itself can edit, so it proves nothing against its author. See docs/github.md for the stages that do.',
        ]
      : [];
  const token =
    (env['FIELDPROOF_APP_ID'] ?? '') === ''
      ? [
          "It was published with the job's own token: any workflow of this repository could publish a check of this name, also one that a pull request brings.",
        ]
      : [];
  return [...own, ...token];
}
