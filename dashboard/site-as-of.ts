import { fileAt, type Site, type SiteFile } from './site.ts';

/**
 * A site whose files are made once for each end of the ledger, and made anew when the ledger has gone on.
 * @param refresh brings the index to the ledger's end
 */
export function siteAsOf(make: () => Site, refresh: () => Promise<void>): (path: string) => Promise<SiteFile | null> {
  let made = new Map<string, Promise<SiteFile | null>>();
  let end: string | null = null;
  return async (path) => {
    await refresh();
    const site = make();
    const now = `${(await site.source.index.mark())?.head.digest ?? ''} ${site.source.now.toISOString().slice(0, 16)}`;
    if (now !== end) [made, end] = [new Map(), now];
    const known = made.get(path) ?? fileAt(path, site);
    // Kept in the order of use, so that what nobody asks for any more goes first.
    made.delete(path);
    if ((await known) !== null) made.set(path, known);
    for (const [oldest] of made) if (made.size > KEPT) made.delete(oldest);
    return await known;
  };
}

const KEPT = 400;
