/** What came back instead of an answer. Status 0: nothing did, or only a part. */
export type Failure = { status: number; message: string; headers: Readonly<Record<string, string | number | undefined>> };

export type Pause =
  | { again: true; milliseconds: number }
  | { again: false; why: 'refused' | 'out of attempts' | 'uncertain' }
  /** Later or more often than anybody would wait: milliseconds since 1970. */
  | { again: false; why: 'limited'; until: number };

const MOST_ATTEMPTS = 6;
/** A pause longer than this is told to the user instead: a runner that sleeps costs what one that works does. */
const LONGEST = 15 * 60_000;

/**
 * How long to wait before a request is sent again, as GitHub's documentation asks ("Best practices for using the REST API"):
 * `retry-after` first; else until `x-ratelimit-reset` where nothing remains; else, for a secondary limit that names no time,
 * a minute, doubled each time. A limited request was refused before it did anything, so any may be sent again; one that ended
 * in a fault or without an answer may have been carried out, so only `repeatable` ones are.
 * @param attempt 0 for the first request
 * @param now milliseconds since 1970
 */
export function pauseAfter(failure: Failure, attempt: number, now: number, repeatable: boolean): Pause {
  if (isLimit(failure)) {
    const milliseconds = limitPause(failure, attempt, now);
    const given = milliseconds > LONGEST || attempt + 1 >= MOST_ATTEMPTS;
    return given ? { again: false, why: 'limited', until: now + milliseconds } : { again: true, milliseconds };
  }
  if (!isUncertain(failure)) return { again: false, why: 'refused' };
  if (!repeatable) return { again: false, why: 'uncertain' };
  return attempt + 1 < MOST_ATTEMPTS
    ? { again: true, milliseconds: faultPause(attempt) }
    : { again: false, why: 'out of attempts' };
}

/** Whether the request may have been carried out, though nobody said so. */
export function isUncertain({ status }: Failure): boolean {
  return status === 0 || status >= 500;
}

/** 1, 4, 9, ... seconds. */
export function faultPause(attempt: number): number {
  return 1000 * (attempt + 1) ** 2;
}

function isLimit({ status, message, headers }: Failure): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return headers['retry-after'] !== undefined || nothingRemains(headers) || /secondary rate|abuse detection/i.test(message);
}

function limitPause({ headers }: Failure, attempt: number, now: number): number {
  const asked = retryAfter(headers['retry-after'], now);
  if (asked !== null) return asked;
  const reset = Number(headers['x-ratelimit-reset']);
  // A second more, since the two clocks need not agree.
  if (nothingRemains(headers) && Number.isFinite(reset)) return Math.max(0, reset * 1000 - now) + 1000;
  return 60_000 * 2 ** attempt;
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(value: string | number | undefined, now: number): number | null {
  if (value === undefined || value === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(String(value));
  return Number.isFinite(date) ? Math.max(0, date - now) : null;
}

function nothingRemains(headers: Failure['headers']): boolean {
  return String(headers['x-ratelimit-remaining'] ?? '') === '0';
}
