import type { Bound } from './ledger.ts';

/** Milliseconds that two machines' clocks may differ by, and no more: a date that goes back further was set back. */
const SKEW = 10 * 60_000;

/** Whether a time lies so far before a link's date that no clock which is right would say both. */
export function isBehind(now: Date, link: Bound | undefined): boolean {
  return link !== undefined && now.getTime() + SKEW < Date.parse(link.at);
}
