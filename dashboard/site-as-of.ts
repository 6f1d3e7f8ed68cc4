import { fileAt, type Site, type SiteFile } from './site.ts';

/** Milliseconds: a page shows what the ledger held so long ago at most, and when it was asked for last. */
const FRESH = 3000;
const KEPT = 400;

/**
 * A site whose files are made once for each end of the ledger. Nobody waits for the ledger to be looked at again but who comes first:
 * that happens while the next pages are shown. Where it fails, such as for a ledger that was broken since, nothing is shown any more until it does not.
 * @param refresh brings the index to the ledger's end
 */
export function siteAsOf(
  make: () => Site,
  refresh: () => Promise<void>,
  clock: () => number = () => performance.now(),
): (path: string) => Promise<SiteFile | null> {
  let files = new Map<string, Promise<SiteFile | null>>();
  let end: string | null = null;
  let seen: Promise<void> | null = null;
  let looking: Promise<void> | null = null;
  let at = Number.NEGATIVE_INFINITY;
  const look = () => {
    at = clock();
    looking = refresh().finally(() => {
      [seen, looking] = [looking, null];
    });
    looking.catch(() => undefined);
  };
  return async (path) => {
    if (looking === null && clock() - at > FRESH) look();
    await (seen ?? looking);
    const site = make();
    const now = `${(await site.source.index.mark())?.head.digest ?? ''} ${site.source.now.toISOString().slice(0, 16)}`;
    if (now !== end) [files, end] = [new Map(), now];
    const file = files.get(path) ?? fileAt(path, site);
    // Kept in the order of use, so that what nobody asks for any more goes first.
    files.delete(path);
    files.set(path, file);
    file.then((found) => found ?? files.delete(path)).catch(() => files.delete(path));
    for (const [oldest] of files) if (files.size > KEPT) files.delete(oldest);
    return await file;
  };
}
