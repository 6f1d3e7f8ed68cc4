import type { ServerResponse } from 'node:http';

/** What can go wrong between a client and GitHub. Those named `after` strike when the work has been done. */
export const faults = [
  'secondary limit',
  'used up',
  'too many, no time named',
  'server error',
  'cut before',
  'bad gateway after',
  'cut after',
  'half a body after',
  'slow body after',
] as const;
export type Fault = (typeof faults)[number];

export type Answer = { status: number; headers: Readonly<Record<string, string>>; body: string };

export function strikesAfter(fault: Fault): boolean {
  return fault.endsWith('after');
}

/** Does what the fault does to the answer that would have been given. */
export function strike(fault: Fault, answer: Answer, response: ServerResponse): void {
  switch (fault) {
    case 'secondary limit':
      return refuse(
        response,
        403,
        { 'retry-after': '1' },
        'You have exceeded a secondary rate limit. Please wait a few minutes.',
      );
    case 'used up': {
      const reset = String(Math.floor(Date.now() / 1000));
      return refuse(response, 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, 'API rate limit exceeded');
    }
    case 'too many, no time named':
      return refuse(response, 429, {}, 'Too many requests');
    case 'server error':
      return refuse(response, 500, {}, 'Server Error');
    case 'bad gateway after':
      return refuse(response, 502, { 'content-type': 'text/html' }, '<html>bad gateway</html>');
    case 'cut before':
    case 'cut after':
      return void response.destroy();
    case 'half a body after':
    case 'slow body after':
      return half(fault, answer, response);
  }
}

/** The rest never comes; whether the connection ends is what tells the two apart. */
function half(fault: Fault, { status, headers, body }: Answer, response: ServerResponse): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': String(Math.max(bytes.length, 2)) });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    if (fault === 'half a body after') response.destroy();
  });
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string>, message: string): void {
  const body =
    headers['content-type'] === undefined
      ? JSON.stringify({ message, documentation_url: 'https://docs.github.com/rest' })
      : message;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body);
}
