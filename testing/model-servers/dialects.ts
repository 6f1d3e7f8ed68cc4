import { mkdtempSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What servers of one protocol do otherwise than ours. */
export type Dialect = {
  /** How the models are listed: at the index, whatever its body; at the index, only with JSON; where KServe or OpenVINO do; nowhere. */
  lists: 'index' | 'index-with-json' | 'models' | 'config' | 'nowhere';
  models: readonly { name: string; version?: string; state?: string }[];
  /** `server`: as a whole; `model`: only of the model; `slow-model`: as a whole at once, the model at the third time of asking. */
  ready: 'server' | 'model' | 'slow-model';
  /** Whether an answer may be had without naming the version. */
  versioned: boolean;
  /** What it takes. `binary-in`: it answers in JSON alone, and refuses whoever asks otherwise. `text`: both, and
   * strings of JSON are what stands there, be it base64 or not, as Triton has it. `misread`: binary tensors too, but it takes them for empty. `strict-json`: JSON with no parameters. */
  takes: 'binary' | 'binary-in' | 'json' | 'strict-json' | 'misread' | 'text' | 'both';
  /** Whether it describes its tensors. */
  described: boolean;
};

export const usual: Dialect = {
  lists: 'index',
  models: [{ name: 'resnet' }],
  ready: 'server',
  versioned: false,
  takes: 'both',
  described: true,
};

type Header = {
  parameters?: object;
  inputs: { shape: number[]; data?: string[]; parameters?: { content_type?: string } }[];
};

/** Listens on a unix socket. The scores of a picture are its first byte and its length; what it cannot read is answered with 400. */
export async function serveDialect(dialect: Dialect): Promise<{ socketPath: string; close: () => Promise<void> }> {
  const socketPath = join(mkdtempSync(join(tmpdir(), 'fieldproof-dialect-')), 's.sock');
  let asked = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const length = headers['inference-header-content-length'];
      const body = Buffer.concat(chunks);
      asked += url.endsWith('/ready') && url !== '/v2/health/ready' ? 1 : 0;
      respond(response, answerTo(dialect, `${method} ${url}`, body, typeof length === 'string' ? Number(length) : null, asked));
    });
  });
  await new Promise<void>((listening) => server.listen(socketPath, listening));
  return {
    socketPath,
    close: async () =>
      await new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

type Reply = number | { json: unknown } | { header: object; tensor: Float32Array };

function answerTo(dialect: Dialect, asked: string, body: Buffer, headerLength: number | null, readyAsked: number): Reply {
  const { lists, models, ready } = dialect;
  if (asked === 'GET /v2/health/ready') return ready === 'model' ? 404 : 200;
  if (asked === 'POST /v2/repository/index' && lists.startsWith('index')) {
    return lists === 'index-with-json' && body.length === 0 ? 422 : { json: models };
  }
  if (asked === 'GET /v2/models' && lists === 'models') return { json: { models: models.map(({ name }) => name) } };
  if (asked === 'GET /v1/config' && lists === 'config') return { json: Object.fromEntries(models.map(({ name }) => [name, {}])) };
  const [, name, version, , verb] =
    /^(?:GET|POST) \/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(\/(ready|infer))?$/.exec(asked) ?? [];
  const known = models.find((model) => model.name === name);
  if (known === undefined || (version === undefined ? dialect.versioned : version !== known.version)) return 404;
  if (verb === 'ready') return ready === 'slow-model' && readyAsked < 3 ? 400 : ready === 'server' ? 404 : 200;
  if (verb === undefined) return { json: describe(dialect, known.name) };
  return infer(dialect, body, headerLength);
}

/** MLServer leaves out what nobody declared, and says null of the rest. */
function describe({ described }: Dialect, name: string): object {
  const tensors = {
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
    outputs: [{ name: 'scores', datatype: 'FP32', shape: [-1, 2] }],
  };
  return { name, platform: '', versions: null, ...(described ? tensors : { parameters: null }) };
}

function infer({ takes }: Dialect, body: Buffer, headerLength: number | null): Reply {
  const isBinary = headerLength !== null;
  const pictures = isBinary ? binaryPictures(body, headerLength) : jsonPictures(body, takes);
  if (pictures === null) return 400;
  if (takes === 'binary-in' && isBinary && wantsBinary(body.subarray(0, headerLength))) return 400;
  if (isBinary ? takes === 'json' || takes === 'strict-json' : takes === 'binary' || takes === 'binary-in') return 400;
  const seen = isBinary && takes === 'misread' ? pictures.map(() => Buffer.of(0)) : pictures;
  const scores = Float32Array.from(seen.flatMap((picture) => [(picture[0] ?? 0) / 3, picture.length]));
  const output = { name: 'scores', datatype: 'FP32', shape: [pictures.length, 2] };
  const inBinary = isBinary && takes !== 'binary-in';
  if (inBinary) return { header: output, tensor: scores };
  // With what MLServer adds: parameters that are no scalars, and numbers to seven digits.
  const data = Array.from(scores, (value) => Number(value.toPrecision(7)));
  return {
    json: {
      model_name: 'resnet',
      model_version: null,
      id: null,
      parameters: { headers: { x: 'y' } },
      outputs: [{ ...output, parameters: { content_type: 'np', headers: {} }, data }],
    },
  };
}

function wantsBinary(header: Buffer): boolean {
  const { parameters = {} } = JSON.parse(header.toString()) as Header;
  return (parameters as { binary_data_output?: boolean }).binary_data_output === true;
}

function jsonPictures(body: Buffer, takes: Dialect['takes']): Buffer[] | null {
  const strict = takes === 'strict-json';
  const {
    inputs: [input],
    parameters,
  } = JSON.parse(body.toString()) as Header;
  if (input?.data === undefined || (strict && (parameters ?? input.parameters) !== undefined)) return null;
  if (!strict && input.parameters?.content_type !== 'base64') return null;
  return input.data.map((text) => Buffer.from(text, takes === 'text' ? 'utf8' : 'base64'));
}

function binaryPictures(body: Buffer, headerLength: number): Buffer[] {
  const pictures: Buffer[] = [];
  for (let at = headerLength; at < body.length; at += 4 + body.readUInt32LE(at)) {
    pictures.push(body.subarray(at + 4, at + 4 + body.readUInt32LE(at)));
  }
  return pictures;
}

function respond(response: ServerResponse, reply: Reply): void {
  if (typeof reply === 'number')
    return void response.writeHead(reply, { 'content-type': 'application/json' }).end('{"error":"no"}');
  if ('json' in reply) return void response.setHeader('content-type', 'application/json').end(JSON.stringify(reply.json));
  const { header, tensor } = reply;
  const output = { ...header, parameters: { binary_data_size: tensor.byteLength } };
  const json = Buffer.from(JSON.stringify({ model_name: 'resnet', outputs: [output] }));
  response.setHeader('inference-header-content-length', json.length).end(Buffer.concat([json, Buffer.from(tensor.buffer)]));
}
