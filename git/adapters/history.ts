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
