import { gitAnswer, gitText, GitFailed } from './git-process.ts';
import type { Repository } from './repository.ts';

/**
 * Where the LFS objects of a remote are: its own address, or what this clone's settings say. A `.lfsconfig` is not read: it is a file
 * of a commit, and whoever proposes one would choose an address that is asked with our rights. Null: no address over HTTP.
 */
export async function lfsAddress(repository: Repository, remote: string): Promise<{ lfs: string; git: string } | null> {
  const setting = async (name: string) => await gitAnswer(repository, ['config', '--local', '--get', name]);
  const url = await gitText(repository, ['remote', 'get-url', remote]).catch((thrown: unknown) => {
    if (thrown instanceof GitFailed) return '';
    throw thrown;
  });
  const written = (await setting(`remote.${remote}.lfsurl`)) ?? (await setting('lfs.url'));
  const lfs = written ?? `${url.replace(/\/+$/, '').replace(/(\.git)?$/, '.git')}/info/lfs`;
  return /^https?:\/\//.test(lfs) ? { lfs, git: /^https?:\/\//.test(url) ? url : lfs } : null;
}

/** The header with the name and password that Git has for an address, as it would use them itself; none where it has none. */
export async function authorizationFor(repository: Repository, url: string): Promise<Readonly<Record<string, string>>> {
  const { protocol, host, pathname, username, password } = new URL(url);
  const own = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const asked = `protocol=${protocol.slice(0, -1)}\nhost=${host}\npath=${pathname.slice(1)}\n\n`;
  const told =
    own.password === ''
      ? await gitText(repository, ['credential', 'fill'], { input: asked, timeoutMs: 30_000 }).catch((thrown: unknown) => {
          if (thrown instanceof GitFailed) return '';
          throw thrown;
        })
      : `username=${own.username}\npassword=${own.password}\n`;
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(told)?.[1];
  const [user, secret] = [value('username'), value('password')];
  if (user === undefined || secret === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` };
}
