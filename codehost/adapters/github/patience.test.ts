import { describe, expect, it } from 'vitest';
import { pauseAfter, type Failure } from './patience.ts';

const now = Date.parse('2026-01-02T03:04:05Z');
const failure = (status: number, headers: Failure['headers'] = {}, message = ''): Failure => ({ status, headers, message });
const secondary = 'You have exceeded a secondary rate limit';

describe('how long to wait before a request is sent again', () => {
  it.each([
    ['as retry-after says, in seconds', failure(429, { 'retry-after': '17' }), 0, 17_000],
    ['as retry-after says, as a date', failure(403, { 'retry-after': 'Fri, 02 Jan 2026 03:05:05 GMT' }), 3, 60_000],
    [
      'retry-after before the reset',
      failure(403, { 'retry-after': 2, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 1e10 }),
      0,
      2000,
    ],
    [
      'until the reset where nothing remains',
      failure(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': now / 1000 + 30 }),
      0,
      31_000,
    ],
    [
      'a second when the reset has passed',
      failure(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': now / 1000 - 30 }),
      0,
      1000,
    ],
    ['a minute where a secondary limit names no time', failure(403, {}, secondary), 0, 60_000],
    ['four minutes at its third time', failure(403, {}, secondary), 2, 240_000],
    ['a minute after a bare 429', failure(429, { 'x-ratelimit-remaining': '12' }), 0, 60_000],
    ['nine seconds at the third fault', failure(502), 2, 9000],
    ['a second where nobody answered', failure(0), 0, 1000],
  ])('%s', (_, asked, attempt, milliseconds) => {
    expect(pauseAfter(asked, attempt, now, true)).toEqual({ again: true, milliseconds });
  });

  it('does not send again what was refused', () => {
    for (const status of [400, 401, 403, 404, 409, 422]) {
      expect(pauseAfter(failure(status), 0, now, true)).toEqual({ again: false, why: 'refused' });
    }
  });

  it('sends again what a limit refused, whatever it was, but not what may have been done', () => {
    expect(pauseAfter(failure(429, { 'retry-after': '1' }), 0, now, false)).toEqual({ again: true, milliseconds: 1000 });
    expect(pauseAfter(failure(500), 0, now, false)).toEqual({ again: false, why: 'uncertain' });
    expect(pauseAfter(failure(0), 0, now, false)).toEqual({ again: false, why: 'uncertain' });
  });

  it('gives up where the wait is longer than a runner should sleep, and says until when', () => {
    const hour = failure(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': now / 1000 + 3599 });
    expect(pauseAfter(hour, 0, now, true)).toEqual({ again: false, why: 'limited', until: now + 3_600_000 });
  });

  it('ends, whatever happens', () => {
    for (const asked of [failure(500), failure(429, { 'retry-after': '0' }), failure(403, {}, secondary)]) {
      expect(pauseAfter(asked, 5, now, true).again).toBe(false);
    }
  });
});
