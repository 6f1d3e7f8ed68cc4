export type { CodeHost, Deployments, DeploymentState, Moments, PullRequestComment, PullRequests } from './code-host.ts';
export type { PictureStore } from './picture-store.ts';
export type { ReportStore } from './report-store.ts';
export { fleetPlace, githubPlace, isOnGithub, repositoryOn } from './publish/github-environment.ts';
export { headFiles } from './publish/head-files.ts';
export { publishProblems } from './publish/publish-problems.ts';
export { publishProgress } from './publish/publish-progress.ts';
export { type Published, publishReport, ledgerIn } from './publish/publish-report.ts';
export { publishStarted } from './publish/publish-started.ts';
export { publishUntouched } from './publish/publish-untouched.ts';
export { policyAsFarAsKnown, publishingPolicy } from './publish/publishing-policy.ts';
export { readingPlace } from './publish/reading-place.ts';
export { remarksOf, runUrl } from './publish/run-of-actions.ts';
export {
  type AppPermissions,
  type BranchRules,
  type Environment,
  type Looked,
  mapLooked,
  type Overview,
  type RepositorySettings,
  type Runner,
  seen,
} from './repository-settings.ts';
export { showDeployments } from './show-deployments.ts';
