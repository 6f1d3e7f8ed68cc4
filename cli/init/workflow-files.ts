import { CouldNotRun } from '#kernel';

const FOLDER = '.github/workflows';
/** As the templates name the action. It names no commit, so nothing runs before somebody has chosen one. */
const UNPINNED = /fieldproof\/fieldproof@0{40} # set: [^\n]*/g;
const PIN = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9._-]+@(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Which templates are written, one of the two checks among them. */
export function workflowNames({ forks }: { forks: boolean }): string[] {
  const check = forks ? 'fieldproof-check-forks.yml' : 'fieldproof-check.yml';
  return [check, 'fieldproof-accept.yml', 'fieldproof-replay.yml', 'fieldproof-deploy.yml'];
}

/**
 * A template as it is written into a repository.
 * @param action `owner/repository@commit` of the action; null leaves the line marked to be set
 * @throws CouldNotRun when it is pinned to anything but a full commit id: a tag can be moved
 */
export function workflowFile(name: string, template: string, action: string | null): { path: string; text: string } {
  const path = `${FOLDER}/${name}`;
  if (action === null) return { path, text: template };
  if (PIN.test(action)) return { path, text: template.replaceAll(UNPINNED, action) };
  throw new CouldNotRun({
    file: '--action',
    message: `${JSON.stringify(action)} is not owner/repository@<full commit id>`,
    remedy: 'pin the commit: a tag or a branch can be moved to other code',
  });
}
