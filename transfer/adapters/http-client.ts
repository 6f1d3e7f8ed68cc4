import { EnvHttpProxyAgent, fetch, type RequestInit, type Response } from 'undici';

export type HttpClient = (url: string, init?: RequestInit) => Promise<Response>;

/** Milliseconds without an answer, or without a byte more of it. */
const PATIENCE = 60_000;

/** @param environment for proxies, named as every other program reads them */
export function httpClient(environment: Readonly<Record<string, string | undefined>>): HttpClient {
  const proxied = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxied('HTTP_PROXY'),
    httpsProxy: proxied('HTTPS_PROXY'),
    noProxy: proxied('NO_PROXY'),
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
  });
  return async (url, init = {}) => await fetch(url, { ...init, dispatcher });
}
