import { Pool, type buildConnector, type Dispatcher } from 'undici';
import {
  decodeInferResponse,
  encodeInferRequest,
  parseModelMetadata,
  ProtocolError,
  reasonOf,
  type InferRequest,
  type InferResponse,
  type ModelMetadata,
} from '#kernel';
import { printable } from './log-tail.ts';

/** How a server is reached: a unix socket, or whatever hands out connected sockets. */
export type Door = { socketPath: string } | { connect: buildConnector.connector };

/** What is wrong with an answer, or that there is none; the message says what came back. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** The connection failed: the server may just have died. */
  readonly broken: boolean;

  constructor(message: string, { broken = false, cause }: { broken?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.broken = broken;
  }
}

export type InferenceClient = {
  /** Whether the server says that it is ready. Its status code is trusted: servers differ in what they say with it. */
  ready(): Promise<boolean>;
  /** @throws NoAnswer */
  describe(): Promise<ModelMetadata>;
  /** @throws NoAnswer */
  infer(request: InferRequest): Promise<InferResponse>;
  /** Fails whatever is still under way. */
  close(): Promise<void>;
};

export type ClientOptions = {
  /** Milliseconds for the whole of an answer, from the moment of asking. */
  answerWithin: number;
  note: (text: string) => void;
};

type Answer = { status: number; headerLength: number | null; body: Uint8Array };

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const HEADER_LENGTH = 'inference-header-content-length';

/** A client of the Open Inference Protocol v2 for a server of one model. */
export function openInferenceClient(door: Door, options: ClientOptions): InferenceClient {
  const pool = new Pool('http://127.0.0.1', {
    ...door,
    maxResponseSize: MAX_ANSWER_BYTES,
    // The deadline below covers all of an answer; these would only cover its parts.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const ask = async (method: Dispatcher.HttpMethod, path: string, more: Asked = {}) =>
    await answerOf(pool, method, path, more, options);
  let path = '';
  let form: 'binary' | 'json' | 'undecided' = 'undecided';

  const inferAs = async (request: InferRequest, as: 'binary' | 'json') => {
    const { headerLength, body } = encodeInferRequest(request, as);
    const headers = headerLength === null ? JSON_HEADERS : { ...BINARY_HEADERS, [HEADER_LENGTH]: String(headerLength) };
    return await ask('POST', `${path}/infer`, { body, headers });
  };
  const decide = async (request: InferRequest) => {
    const answer = await inferAs(request, 'binary');
    if (answer.status === 200 || form !== 'undecided') return answer;
    const second = await inferAs(request, 'json').catch(() => null);
    if (second?.status !== 200) return answer;
    form = 'json';
    options.note('the model server has no binary tensors: pictures go as JSON, which is many times slower');
    return second;
  };

  return {
    ready: async () => (await ask('GET', '/v2/health/ready').catch(() => null))?.status === 200,
    describe: async () => {
      path = `/v2/models/${encodeURIComponent(await onlyModel(ask))}`;
      return readAnswer(await ask('GET', path), (answer) => parseModelMetadata(jsonOf(answer)));
    },
    infer: async (request) => {
      const answer = await (form === 'undecided' ? decide(request) : inferAs(request, form));
      const response = readAnswer(answer, decodeInferResponse);
      if (form === 'undecided') form = 'binary';
      return response;
    },
    close: async () => await pool.destroy(),
  };
}

type Asked = { body?: Uint8Array; headers?: Record<string, string> };
type Ask = (method: Dispatcher.HttpMethod, path: string) => Promise<Answer>;

const JSON_HEADERS = { 'content-type': 'application/json' };
const BINARY_HEADERS = { 'content-type': 'application/octet-stream' };

async function answerOf(
  pool: Pool,
  method: Dispatcher.HttpMethod,
  path: string,
  asked: Asked,
  options: ClientOptions,
): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(options.answerWithin);
    const { statusCode, headers, body } = await pool.request({ method, path, signal, ...asked });
    return { status: statusCode, headerLength: lengthIn(headers[HEADER_LENGTH]), body: await body.bytes() };
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'TimeoutError') {
      throw new NoAnswer(`${method} ${path} was not answered within ${options.answerWithin} ms`, { cause });
    }
    throw new NoAnswer(`${method} ${path} failed: ${reasonOf(cause)}`, { broken: true, cause });
  }
}

/** The model repository extension names the models; a server without it is asked for `model`, as our runtime calls it. */
async function onlyModel(ask: Ask): Promise<string> {
  const index = await ask('POST', '/v2/repository/index');
  if (index.status !== 200) return 'model';
  const names = readAnswer(index, (answer) => {
    const list = jsonOf(answer);
    return Array.isArray(list) ? list.map((entry: { name?: unknown }) => entry.name) : [];
  });
  const [name] = names;
  if (names.length === 1 && typeof name === 'string') return name;
  throw new NoAnswer(`it serves ${names.length} models (${printable(names.join(', '), 200)}), where exactly one is expected`);
}

function readAnswer<T>(answer: Answer, read: (answer: Answer) => T): T {
  if (answer.status !== 200) throw new NoAnswer(`it answered with status ${answer.status}: ${startOf(answer.body)}`);
  try {
    return read(answer);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new NoAnswer(
      `its answer is not as the inference protocol has it: ${cause.message}; it begins ${startOf(answer.body)}`,
      { cause },
    );
  }
}

function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new ProtocolError('not JSON', { cause });
  }
}

/** A header that is there and no number is kept as NaN, which no body can match. */
function lengthIn(header: string | string[] | undefined): number | null {
  if (header === undefined) return null;
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : Number.NaN;
}

function startOf(body: Uint8Array): string {
  if (body.byteLength === 0) return 'with nothing (an empty body)';
  return JSON.stringify(printable(Buffer.from(body.subarray(0, 400)).toString('utf8'), 200));
}
