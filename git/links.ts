/** A symbolic link of a commit: its path below the folder that is looked at, and what it holds. */
export type Link = { path: string; target: string };

/** As many links as an operating system follows on one path (Linux: 40), and so many parts of names on the way. */
const MOST_HOPS = 40;
const MOST_PARTS = 500;

/**
 * Why a link must not be made; undefined when it may be. It is followed as an operating system would follow it, through the
 * other links: `a/up -> ../..` makes `a/up/../x` another place than it reads, and that place may be outside.
 * @param links every link below the folder, by path
 */
export function linkFault({ path, target }: Link, links: ReadonlyMap<string, string>): string | undefined {
  const at = path.split('/').slice(0, -1);
  const waiting = target.split('/').toReversed();
  let [hops, parts] = [0, 0];
  if (target === '' || target.startsWith('/')) return 'which is outside its folder';
  while (waiting.length > 0) {
    const part = waiting.pop() ?? '';
    parts += 1;
    if (parts > MOST_PARTS) return 'which leads through too many others';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.pop() === undefined) return 'which is outside its folder';
      continue;
    }
    const next = links.get([...at, part].join('/'));
    if (next === undefined) {
      at.push(part);
      continue;
    }
    hops += 1;
    if (next === '' || next.startsWith('/')) return 'which is outside its folder';
    if (hops > MOST_HOPS) return 'which leads through too many others';
    waiting.push(...next.split('/').toReversed());
  }
  return undefined;
}
