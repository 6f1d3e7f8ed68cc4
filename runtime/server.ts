import {
  decodeInferRequest,
  encodeInferResponse,
  formatModelMetadata,
  ProtocolError,
  reasonOf,
  type Json,
  type WantedOutputs,
  type WireMessage,
} from '#kernel';
import packageFile from '../package.json' with { type: 'json' };
import type { ServedModel } from './model-parts.ts';
import { BadRequest } from './picture.ts';

export type HttpRequest = { method: string; path: string; headerLength: string | undefined; body: Uint8Array };
export type HttpAnswer = WireMessage & { status: number };

/** The Open Inference Protocol v2, as a function: what is asked over any transport, and what is answered. Never rejects. */
export async function answer(served: ServedModel, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await route(served, request);
  } catch (thrown) {
    const atFault = thrown instanceof BadRequest || thrown instanceof ProtocolError;
    return failure(atFault ? 400 : 500, reasonOf(thrown));
  }
}

export function failure(status: number, error: string): HttpAnswer {
  return json({ error }, status);
}

async function route(served: ServedModel, request: HttpRequest): Promise<HttpAnswer> {
  const { name, versions } = served.metadata;
  const [root, group, model, ...rest] = request.path
    .replace(/[?#].*$/, '')
    .split('/')
    .slice(1)
    .map(decodePart);
  if (root !== 'v2') return failure(404, `there is nothing at ${request.path}: the protocol begins at /v2`);
  if (group === undefined || group === '')
    return get(request, {
      name: 'fieldproof-runtime',
      version: packageFile.version,
      extensions: ['binary_tensor_data', 'model_repository'],
    });
  if (group === 'health' && model === 'live') return get(request, { live: true });
  if (group === 'health' && model === 'ready') return get(request, { ready: true });
  // The model repository extension: a client that knows only the address learns the model's name here.
  if (group === 'repository' && model === 'index' && request.method === 'POST') return json([{ name, state: 'READY' }]);
  if (group !== 'models' || model === undefined) return failure(404, `there is nothing at ${request.path}`);
  if (model !== name) return failure(404, `no model "${model}" here, only "${name}"`);
  const [versionWord, version = '', ...tail] = rest;
  if (versionWord !== 'versions') return modelRoute(served, request, rest);
  if (versions.includes(version)) return modelRoute(served, request, tail);
  return failure(404, `no version "${version}" of "${name}", only ${versions.join(', ')}`);
}

async function modelRoute(served: ServedModel, request: HttpRequest, [action, more]: readonly string[]): Promise<HttpAnswer> {
  const { metadata } = served;
  if (action === undefined) return get(request, formatModelMetadata(metadata));
  if (action === 'ready' && more === undefined) return get(request, { name: metadata.name, ready: true });
  if (action !== 'infer' || more !== undefined) return failure(404, `there is nothing at ${request.path}`);
  if (request.method !== 'POST') return failure(405, `${request.path} takes POST, not ${request.method}`);
  const { request: infer, wanted } = decodeInferRequest({ headerLength: headerLength(request.headerLength), body: request.body });
  const isBinary = choose(
    wanted,
    metadata.outputs.map((output) => output.name),
  );
  const response = await served.infer(infer);
  const outputs = response.outputs.filter(
    ({ name }) => wanted.outputs === null || wanted.outputs.some((output) => output.name === name),
  );
  return { status: 200, ...encodeInferResponse({ ...response, outputs }, isBinary) };
}

function choose({ outputs, binary }: WantedOutputs, names: readonly string[]): (output: string) => boolean {
  const unknown = outputs?.find((output) => !names.includes(output.name));
  if (unknown) throw new BadRequest(`no output "${unknown.name}", only ${names.join(', ')}`);
  return (name) => outputs?.find((output) => output.name === name)?.binary ?? binary;
}

function headerLength(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new BadRequest(`Inference-Header-Content-Length is "${text}", not a number of bytes`);
}

function get(request: HttpRequest, value: Json): HttpAnswer {
  return request.method === 'GET' ? json(value) : failure(405, `${request.path} takes GET, not ${request.method}`);
}

function json(value: Json, status = 200): HttpAnswer {
  return { status, headerLength: null, body: Buffer.from(JSON.stringify(value)) };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
