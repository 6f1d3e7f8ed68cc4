import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { decodeInferResponse, encodeInferRequest, float32Of, type InferRequest, type Parameters, type Tensor } from '#kernel';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Uint8Array };
type Ask = { method?: string; path: string; headers?: Record<string, string | number>; body?: Uint8Array | string };
export type Served = {
  /** What it printed when it was ready. */
  first: { listening: string; model: string; variant: string };
  child: ChildProcess;
  ask(what: Ask): Promise<Answer>;
  get(path: string): Promise<unknown>;
  infer(infer: InferRequest): Promise<{ shape: readonly number[]; scores: number[] }>;
  stop(): Promise<number | null>;
};

/** Starts the program as a runner does: by its command line, with an empty environment. */
export async function serve(words: readonly string[], env: Record<string, string> = {}): Promise<Served> {
  const child = spawn(process.execPath, [MAIN, ...words], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { out: '', error: '' };
  child.stdout.on('data', (text) => (output.out += String(text)));
  child.stderr.on('data', (text) => (output.error += String(text)));
  await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  if (!output.out.includes('\n')) {
    if (child.exitCode === null) await once(child, 'close');
    throw Object.assign(new Error(output.error), { exitCode: child.exitCode });
  }
  const first = JSON.parse(output.out) as Served['first'];
  const ask = (what: Ask) => askOver(first.listening, what);
  return {
    first,
    child,
    ask,
    get: async (path) => JSON.parse(Buffer.from((await ask({ path })).body).toString()) as unknown,
    infer: (infer) => inferOver(ask, first.model, infer),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
      return child.exitCode;
    },
  };
}

export function images(encoded: readonly Uint8Array[]): Tensor {
  return { name: 'image', datatype: 'BYTES', shape: [encoded.length], data: encoded };
}

export function frames(shape: readonly number[], data: Uint8Array, parameters?: Parameters): InferRequest {
  return { inputs: [{ name: 'frames', datatype: 'UINT8', shape, data }], ...(parameters && { parameters }) };
}

async function inferOver(ask: Served['ask'], model: string, infer: InferRequest) {
  const { headerLength, body } = encodeInferRequest(infer);
  const headers = { 'Inference-Header-Content-Length': headerLength ?? 0 };
  const answer = await ask({ method: 'POST', path: `/v2/models/${model}/infer`, headers, body });
  if (answer.status !== 200) throw new Error(`${answer.status} ${Buffer.from(answer.body).toString()}`);
  const length = Number(answer.headers['inference-header-content-length']);
  const [scores] = decodeInferResponse({ headerLength: length, body: answer.body }).outputs;
  if (scores === undefined) throw new Error('no output');
  return { shape: scores.shape, scores: [...float32Of(scores)] };
}

function askOver(listening: string, { method = 'GET', path, headers = {}, body }: Ask): Promise<Answer> {
  const to = listening.startsWith('unix:') ? { socketPath: listening.slice('unix:'.length) } : { ...addressOf(listening) };
  return new Promise((resolve, reject) => {
    const sent = request({ ...to, method, path, headers, agent: false }, (response) => {
      const chunks: Uint8Array[] = [];
      response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject).end(body);
  });
}

function addressOf(listening: string) {
  const { hostname, port } = new URL(listening);
  return { host: hostname, port: Number(port) };
}
