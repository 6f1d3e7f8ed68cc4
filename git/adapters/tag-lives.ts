import { gitText } from './git-process.ts';
import type { Repository } from './repository.ts';

/** Tags that are looked at, the newest. */
const MOST = 500;

/**
 * Each tag that a tag before it can be told of in its history: when the first commit since that one was made, and when it was tagged
 * itself (a plain tag: when its commit was). Oldest first.
 */
export async function tagLives(repository: Repository): Promise<{ name: string; first: Date; tagged: Date }[]> {
  const format = '--format=%(creatordate:unix) %(refname:short)';
  const listed = await gitText(repository, ['for-each-ref', '--sort=creatordate', format, 'refs/tags']);
  const tags = listed.split('\n').flatMap((line) => {
    const [, at = '', name = ''] = /^(\d+) (.+)$/.exec(line) ?? [];
    return name === '' ? [] : [{ name, tagged: new Date(Number(at) * 1000) }];
  });
  const lives: { name: string; first: Date; tagged: Date }[] = [];
  for (const [index, { name, tagged }] of tags.slice(-MOST).entries()) {
    const before = tags.slice(-MOST)[index - 1];
    if (before === undefined) continue;
    const range = [`refs/tags/${name}`, `^refs/tags/${before.name}`];
    const dates = await gitText(repository, ['log', '--reverse', '--format=%at', '--end-of-options', ...range]);
    const [first] = dates.split('\n');
    if (first !== undefined && first !== '') lives.push({ name, first: new Date(Number(first) * 1000), tagged });
  }
  return lives;
}
