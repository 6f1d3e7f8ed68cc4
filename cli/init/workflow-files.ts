import { CouldNotRun } from '#kernel';

const FOLDER = '.github/workflows';
/** As the templates name the action. It names no commit, so nothing runs before somebody has chosen one. */
const UNPINNED = /fieldproof\/fieldproof@0{40} # set: [^\n]*/g;
/** Where the templates name the default branch; an expression cannot stand there. */
const BRANCH = /branches: \[main\] # set: [^\n]*/g;
const PIN = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9._-]+@(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Which templates are written, one of the two checks among them. */
export function workflowNames({ forks }: { forks: boolean }): string[] {
  const check = forks ? 'fieldproof-check-forks.yml' : 'fieldproof-check.yml';
  return [check, 'fieldproof-accept.yml', 'fieldproof-replay.yml', 'fieldproof-audit.yml', 'fieldproof-deploy.yml'];
}

/** `action`: `owner/repository@commit`. What is not known is null, and its line stays marked to be set. */
export type Known = { action: string | null; defaultBranch: string | null };

/**
 * A template as it is written into a repository.
 * @throws CouldNotRun when the action is pinned to anything but a full commit id: a tag can be moved
 */
export function workflowFile(name: string, template: string, { action, defaultBranch }: Known): { path: string; text: string } {
  const path = `${FOLDER}/${name}`;
  const branch = JSON.stringify(defaultBranch);
  const text = defaultBranch === null ? template : template.replaceAll(BRANCH, () => `branches: [${branch}]`);
  if (action === null) return { path, text };
  if (PIN.test(action)) return { path, text: text.replaceAll(UNPINNED, action) };
  throw new CouldNotRun({
    file: '--action',
    message: `${JSON.stringify(action)} is not owner/repository@<full commit id>`,
    remedy: 'pin the commit: a tag or a branch can be moved to other code',
  });
}
