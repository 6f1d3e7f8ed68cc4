import type { Looked } from '../../repository-settings.ts';
import type { Client } from './client.ts';
import { look, nullWhereAbsent } from './look.ts';

/** GitHub cuts a listing off at 100,000 files; then nothing is claimed of what was left out. */
export async function listFiles(
  { octokit, repo }: Client,
  branch: string,
): Promise<Looked<readonly { path: string; bytes: number }[]>> {
  const listed = await look('contents: read', async () => {
    const answer = await nullWhereAbsent(octokit.rest.git.getTree({ ...repo, tree_sha: branch, recursive: 'true' }));
    return { truncated: answer?.data.truncated ?? false, tree: answer?.data.tree ?? [] };
  });
  if (listed.state === 'unseen') return listed;
  if (listed.value.truncated) return { state: 'unseen', needs: 'a repository of fewer files than GitHub lists' };
  const files = listed.value.tree.filter(({ type }) => type === 'blob');
  return { state: 'seen', value: files.map(({ path, size }) => ({ path, bytes: size ?? 0 })) };
}

export async function readFile({ octokit, repo }: Client, branch: string, path: string): Promise<Looked<string | null>> {
  return await look('contents: read', async () => {
    const answer = await nullWhereAbsent(octokit.rest.repos.getContent({ ...repo, path, ref: branch }));
    if (answer === null || Array.isArray(answer.data) || !('content' in answer.data)) return null;
    return Buffer.from(answer.data.content, 'base64').toString();
  });
}
