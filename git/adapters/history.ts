import { gitText } from './git-process.ts';
import type { Repository } from './repository.ts';

/** The commits that changed something below a path, newest first, `limit` of them at most. */
export async function commitsTouching(
  repository: Repository,
  commit: string,
  path: string,
  limit: number,
): Promise<readonly string[]> {
  const text = await gitText(repository, ['log', '--format=%H', `--max-count=${limit}`, commit, '--', path]);
  return text.split('\n').filter(Boolean);
}

/** The commit in the history of `commit` that last changed any of these paths; undefined when none did. */
export async function lastCommitTouching(
  repository: Repository,
  commit: string,
  paths: readonly string[],
): Promise<string | undefined> {
  if (paths.length === 0) return undefined;
  const text = await gitText(repository, ['log', '--format=%H', '--max-count=1', commit, '--', ...paths]);
  return text === '' ? undefined : text;
}

/** The commits in the history of `commit` whose message holds a text as it is, newest first, `limit` of them at most. */
export async function commitsSaying(
  repository: Repository,
  commit: string,
  said: string,
  limit: number,
): Promise<readonly { commit: string; message: string }[]> {
  const search = ['--fixed-strings', `--grep=${said}`, `--max-count=${limit}`];
  const text = await gitText(repository, ['log', '-z', '--format=%H%n%B', ...search, '--end-of-options', commit]);
  return text.split('\0').flatMap((each) => {
    const line = each.indexOf('\n');
    return line < 0 ? [] : [{ commit: each.slice(0, line), message: each.slice(line + 1) }];
  });
}
