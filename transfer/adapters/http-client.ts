import type { EnvHttpProxyAgent, RequestInit, Response } from 'undici';

export type HttpClient = (url: string, init?: RequestInit) => Promise<Response>;

/** Milliseconds without an answer, or without a byte more of it. */
const PATIENCE = 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** @param environment for proxies, named as every other program reads them */
export function httpClient(environment: Environment): HttpClient {
  let dispatcher: EnvHttpProxyAgent | undefined;
  return async (url, init = {}) => {
    // Loaded when something is asked for: every command can fetch, and few do.
    const { EnvHttpProxyAgent: Agent, fetch } = await import('undici');
    dispatcher ??= new Agent(optionsOf(environment));
    return await fetch(url, { ...init, dispatcher });
  };
}

function optionsOf(environment: Environment): EnvHttpProxyAgent.Options {
  const proxied = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  return {
    httpProxy: proxied('HTTP_PROXY'),
    httpsProxy: proxied('HTTPS_PROXY'),
    noProxy: proxied('NO_PROXY'),
    headersTimeout: PATIENCE,
    bodyTimeout: PATIENCE,
  };
}
