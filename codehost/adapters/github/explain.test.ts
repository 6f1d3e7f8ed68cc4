import { RequestError } from 'octokit';
import { expect, it } from 'vitest';
import { explained, type Doing } from './explain.ts';

/** As GitHub refuses: status, message, and the header that says what it would have taken. */
function refusal(status: number, message: string, accepted?: string): RequestError {
  const headers = accepted === undefined ? {} : { 'x-accepted-github-permissions': accepted };
  const request = { method: 'POST' as const, url: 'https://api.github.com/', headers: {} };
  return new RequestError(message, status, { request, response: { status, url: request.url, headers, data: null } });
}

const check: Doing = { what: 'publish the check', needs: 'checks: write' };

it.each<[string, Doing, RequestError, RegExp]>([
  ['the permission that GitHub names', 'do it', refusal(403, 'Resource not accessible', 'checks=write'), /"checks: write"/],
  [
    'what is needed together',
    'do it',
    refusal(403, 'No', 'contents=write,pull_requests=write; issues=write'),
    /"contents: write, pull_requests: write"/,
  ],
  [
    'the permission of the work, where GitHub names none',
    check,
    refusal(403, 'Resource not accessible by integration'),
    /"checks: write"/,
  ],
  ['no permission that nobody knows', 'do it', refusal(403, 'No', '???'), /the permission for this: an App/],
  [
    'the setting that keeps jobs from opening pull requests',
    { what: 'propose labels', needs: 'pull_requests: write' },
    refusal(403, 'GitHub Actions is not permitted to create or approve pull requests.'),
    /^switch on Settings > Actions > General > Workflow permissions > "Allow GitHub Actions to create and approve pull requests"/,
  ],
  ['a token that has ended', check, refusal(401, 'Bad credentials'), /still valid/],
])('a refusal is answered with %s', async (_, doing, thrown, remedy) => {
  const refused = explained(doing, () => Promise.reject(thrown));
  await expect(refused).rejects.toMatchObject({ problems: [{ file: 'GitHub', remedy: expect.stringMatching(remedy) }] });
});
