import { EnvHttpProxyAgent, fetch, type RequestInit } from 'undici';

export type FetchOptions = {
  /** Names as every other program reads them: HTTP_PROXY, HTTPS_PROXY, NO_PROXY, in either case. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for a request and all of its answer. */
  timeout: number;
};

/**
 * A fetch that gives whole answers or none. The client takes a body that breaks off for an empty one, with the status of
 * success, and "nothing was found" would then be the reason to make a second of what is there.
 */
export function wholeFetch({ environment, timeout }: FetchOptions): (url: string, init?: RequestInit) => Promise<Response> {
  const proxied = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxied('HTTP_PROXY'),
    httpsProxy: proxied('HTTPS_PROXY'),
    noProxy: proxied('NO_PROXY'),
  });
  return async (url, init = {}) => {
    const answer = await fetch(url, { ...init, dispatcher, signal: AbortSignal.timeout(timeout) });
    const body = await answer.arrayBuffer();
    const headers = [...answer.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length');
    const bodiless = [204, 205, 304].includes(answer.status);
    const whole = new Response(bodiless ? null : body, { status: answer.status, statusText: answer.statusText, headers });
    Object.defineProperty(whole, 'url', { value: answer.url });
    return whole;
  };
}
