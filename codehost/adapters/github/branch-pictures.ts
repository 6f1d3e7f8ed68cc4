import { createHash } from 'node:crypto';
import type { PictureStore } from '../../picture-store.ts';
import { type Client, failureOf } from './client.ts';
import { explained } from './explain.ts';
import { faultPause, isUncertain } from './patience.ts';

const BRANCH = 'fieldproof/pictures';

/**
 * Pictures on a branch that shares no history with the code. Each has its content's name, so one that is there is not
 * committed again. The branch only grows; a team that deletes it loses the pictures of old comments and nothing else.
 */
export function branchPictures(client: Client, { webUrl }: { webUrl: string }): PictureStore {
  const { repo } = client;
  return {
    put: async (pictures) =>
      await explained({ what: `store pictures on ${BRANCH}`, needs: 'contents: write' }, async () => {
        const named = pictures.map((jpeg) => ({ path: pathOf(jpeg), jpeg }));
        const tip = await commitMissing(client, named);
        // By commit, which stays what it is; the page redirects whoever may read the repository.
        return named.map(({ path }) => `${webUrl}/${repo.owner}/${repo.repo}/blob/${tip}/${path}?raw=true`);
      }),
  };
}

type Named = { path: string; jpeg: Uint8Array };
type Tip = { commit: string; tree: string } | null;

async function commitMissing(client: Client, named: readonly Named[]): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const tip = await readTip(client);
    const there = tip === null ? new Set<string>() : await pathsOf(client, tip.tree);
    const missing = [...new Map(named.map((each) => [each.path, each])).values()].filter(({ path }) => !there.has(path));
    if (tip !== null && missing.length === 0) return tip.commit;
    try {
      return await commit(client, tip, missing);
    } catch (thrown) {
      if (!isRace(thrown) || attempt >= 4) throw thrown;
      await client.sleep(faultPause(attempt));
    }
  }
}

/** Another check may have moved the branch since it was read, or ours may have and nobody said so: it is read again. */
function isRace(thrown: unknown): boolean {
  const failure = failureOf(thrown);
  return isUncertain(failure) || failure.status === 422 || failure.status === 409;
}

async function readTip({ octokit, repo }: Client): Promise<Tip> {
  try {
    const { data } = await octokit.rest.git.getRef({ ...repo, ref: `heads/${BRANCH}` });
    const { data: whole } = await octokit.rest.git.getCommit({ ...repo, commit_sha: data.object.sha });
    return { commit: data.object.sha, tree: whole.tree.sha };
  } catch (thrown) {
    if (failureOf(thrown).status === 404) return null;
    throw thrown;
  }
}

async function pathsOf({ octokit, repo }: Client, tree: string): Promise<ReadonlySet<string>> {
  const { data } = await octokit.rest.git.getTree({ ...repo, tree_sha: tree, recursive: 'true' });
  return new Set(data.tree.map(({ path }) => path));
}

/** Objects that nothing names are no harm, so making them may be tried again; the branch moves from where it was read. */
async function commit({ octokit, repo }: Client, tip: Tip, missing: readonly Named[]): Promise<string> {
  const request = { repeatable: true };
  const blobs = [];
  for (const { path, jpeg } of missing) {
    const content = Buffer.from(jpeg).toString('base64');
    const { data } = await octokit.rest.git.createBlob({ ...repo, content, encoding: 'base64', request });
    blobs.push({ path, sha: data.sha, mode: '100644', type: 'blob' } as const);
  }
  const base = tip === null ? {} : { base_tree: tip.tree };
  const tree = await octokit.rest.git.createTree({ ...repo, tree: blobs, ...base, request });
  const message = `Keep ${missing.length} ${missing.length === 1 ? 'picture' : 'pictures'}`;
  const parents = tip === null ? [] : [tip.commit];
  const made = await octokit.rest.git.createCommit({ ...repo, message, tree: tree.data.sha, parents, request });
  if (tip === null) await octokit.rest.git.createRef({ ...repo, ref: `refs/heads/${BRANCH}`, sha: made.data.sha });
  else await octokit.rest.git.updateRef({ ...repo, ref: `heads/${BRANCH}`, sha: made.data.sha, force: false });
  return made.data.sha;
}

/** Two letters of folder, so that no listing grows too long. */
function pathOf(jpeg: Uint8Array): string {
  const name = createHash('sha256').update(jpeg).digest('hex');
  return `${name.slice(0, 2)}/${name}.jpg`;
}
