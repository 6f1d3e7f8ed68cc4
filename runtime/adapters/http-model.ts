import { setTimeout as wait } from 'node:timers/promises';
import {
  CouldNotRun,
  decodeInferResponse,
  encodeInferRequest,
  parseModelMetadata,
  reasonOf,
  type InferRequest,
  type InferResponse,
  type ModelMetadata,
} from '#kernel';

/** A model that somebody else serves, over HTTP. */
export type RemoteModel = { metadata: ModelMetadata; infer(request: InferRequest): Promise<InferResponse> };

const ANSWER_WITHIN = 60_000;
const BETWEEN_TRIES = 500;

/**
 * Waits until the server says that it is ready, and learns what it serves.
 * @param readyWithin milliseconds: a Service may be there before its pod is
 * @throws CouldNotRun when nobody answers, or not as the protocol has it
 */
export async function connectModel(url: string, readyWithin: number): Promise<RemoteModel> {
  await untilReady(url, readyWithin);
  return await asked(url, async () => {
    const index = await ask(`${url}/v2/repository/index`, { method: 'POST' });
    const [only, ...others] = index.ok ? ((await index.json()) as { name: string }[]) : [{ name: 'model' }];
    if (only === undefined || others.length > 0) throw new Error('it serves not exactly one model');
    const path = `${url}/v2/models/${encodeURIComponent(only.name)}`;
    const metadata = parseModelMetadata(await (await mustAnswer(path)).json());
    return { metadata, infer: (request) => asked(url, () => inferAt(`${path}/infer`, request)) };
  });
}

async function untilReady(url: string, readyWithin: number): Promise<void> {
  const until = performance.now() + readyWithin;
  let last = 'nobody answered';
  for (;;) {
    try {
      const { ok, status } = await ask(`${url}/v2/health/ready`);
      if (ok) return;
      last = `it answered with status ${status}`;
    } catch (thrown) {
      last = reasonOf(thrown);
    }
    if (performance.now() > until) throw unreachable(url, `is not ready within ${readyWithin / 1000} s: ${last}`);
    await wait(BETWEEN_TRIES);
  }
}

async function inferAt(url: string, request: InferRequest): Promise<InferResponse> {
  const { headerLength, body } = encodeInferRequest(request);
  const headers = {
    'content-type': 'application/octet-stream',
    ...(headerLength === null ? {} : { 'inference-header-content-length': String(headerLength) }),
  };
  const answer = await mustAnswer(url, { method: 'POST', headers, body: new Uint8Array(body) });
  const length = answer.headers.get('inference-header-content-length');
  return decodeInferResponse({
    headerLength: length === null ? null : Number(length),
    body: new Uint8Array(await answer.arrayBuffer()),
  });
}

async function mustAnswer(url: string, request: RequestInit = {}): Promise<Response> {
  const answer = await ask(url, request);
  if (answer.ok) return answer;
  throw new Error(`it answered with status ${answer.status}: ${(await answer.text()).slice(0, 400)}`);
}

function ask(url: string, request: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(ANSWER_WITHIN) });
}

async function asked<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unreachable(url, reasonOf(cause), cause);
  }
}

function unreachable(url: string, message: string, cause?: unknown): CouldNotRun {
  return new CouldNotRun({ file: url, message, remedy: 'see the log of the model’s pod' }, { cause });
}
