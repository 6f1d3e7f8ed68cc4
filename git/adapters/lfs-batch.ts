import { z } from 'zod';
import { CouldNotRun, hexOf, reasonOf, type Digest, type Problem } from '#kernel';
import type { Address, Wanted } from '#transfer';
import type { HttpClient } from '#transfer/adapters';

/** As GitHub takes them. */
const AT_ONCE = 100;
const LFS = 'application/vnd.git-lfs+json';

const answerSchema = z.object({
  transfer: z.string().optional(),
  objects: z.array(
    z.object({
      oid: z.string(),
      actions: z
        .object({
          download: z.object({ href: z.url({ protocol: /^https?$/ }), header: z.record(z.string(), z.string()).optional() }),
        })
        .optional(),
      error: z.object({ code: z.int(), message: z.string() }).optional(),
    }),
  ),
});

/**
 * Asks an LFS server where objects are (its batch API, https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md).
 * @throws CouldNotRun with every object that it has not
 */
export async function locateObjects(
  wanted: readonly Wanted[],
  server: Address,
  client: HttpClient,
): Promise<ReadonlyMap<Digest, Address>> {
  const found = new Map<Digest, Address>();
  const problems: Problem[] = [];
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const asked = wanted.slice(at, at + AT_ONCE);
    const { objects } = await ask(asked, server, client);
    for (const each of asked) {
      const object = objects.find(({ oid }) => oid === hexOf(each.digest));
      const download = object?.actions?.download;
      if (download !== undefined) found.set(each.digest, { url: download.href, headers: download.header ?? {} });
      else problems.push(absent(each, object?.error?.message ?? 'it says nothing of it'));
    }
  }
  if (problems.length > 0) throw new CouldNotRun(problems);
  return found;
}

async function ask(
  wanted: readonly Wanted[],
  { url, headers }: Address,
  client: HttpClient,
): Promise<z.infer<typeof answerSchema>> {
  const body = JSON.stringify({
    operation: 'download',
    transfers: ['basic'],
    objects: wanted.map(({ digest, size }) => ({ oid: hexOf(digest), size: size ?? 0 })),
    hash_algo: 'sha256',
  });
  const init = { method: 'POST', headers: { ...headers, accept: LFS, 'content-type': LFS }, body };
  const place = `${new URL(url).host}${new URL(url).pathname}`;
  const refused = (message: string, remedy: string, cause?: unknown) =>
    new CouldNotRun({ file: place, message, remedy }, cause === undefined ? {} : { cause });
  const answer = await client(`${url}/objects/batch`, init).catch((cause: unknown) => {
    throw refused(`the LFS server cannot be reached: ${reasonOf(cause)}`, 'check the address and the network', cause);
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    const remedy = [401, 403, 404].includes(answer.status)
      ? 'give this job a token that may read the repository (contents: read)'
      : 'run again later: what has come is kept';
    throw refused(`the LFS server answers with ${answer.status}`, remedy);
  }
  const parsed = answerSchema.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) throw refused('the LFS server answers with something that is none', 'see whether the address is right');
  return parsed.data;
}

function absent({ at, digest }: Wanted, said: string): CouldNotRun['problems'][number] {
  return {
    ...at,
    message: `a Git LFS pointer to ${digest}, which the server has not: ${said.slice(0, 200)}`,
    remedy: 'push it: git lfs push origin --object-id, or git lfs push --all origin',
  };
}
