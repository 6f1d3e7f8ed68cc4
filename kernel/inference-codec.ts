import { z } from 'zod';
import { checkValue } from './check-value.ts';
import { type InferRequest, type InferResponse, type Parameters, type Tensor, DATATYPES } from './inference-protocol.ts';
import { binarySize, checkTensor, ProtocolError, readBinary, writeBinary } from './tensor-codec.ts';
import { jsonData, tensorOfJson } from './tensor-numbers.ts';

/**
 * The body of an infer request or response, whose first `headerLength` bytes are JSON and the rest binary tensors in the
 * order of the JSON. It goes into the HTTP header `Inference-Header-Content-Length`; null means no such header: all is JSON.
 */
export type WireMessage = { headerLength: number | null; body: Uint8Array };

/**
 * How a request travels, the fastest first. `binary`: tensors behind the JSON, both ways. `binary-in`: pictures go so, the answer comes
 * as JSON. `json`: all is JSON, BYTES as base64 that says so (`content_type`). `bare-json`: the same with no parameters at all, for
 * servers that know none. JSON is some thirty times slower.
 */
export const WIRE_FORMS = ['binary', 'binary-in', 'json', 'bare-json'] as const;
export type WireForm = (typeof WIRE_FORMS)[number];

/** Which outputs the client wants, and how. `outputs: null` is all of them, each as `binary` says. */
export type WantedOutputs = { outputs: readonly { name: string; binary: boolean }[] | null; binary: boolean };

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const parameters = z.record(z.string(), scalar);
/** Servers put more into an answer than scalars, such as headers; what we cannot use is passed over. */
const answered = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((all) => {
    const known = Object.entries(all ?? {}).flatMap(([name, value]) => {
      const read = scalar.safeParse(value);
      return read.success ? [[name, read.data] as const] : [];
    });
    return known.length === 0 ? undefined : Object.fromEntries(known);
  });
const tensor = z.object({
  name: z.string().min(1).max(256),
  datatype: z.enum(DATATYPES),
  shape: z.array(z.number().int().nonnegative()).max(8),
  parameters: parameters.optional(),
  data: z.unknown().optional(),
});
const output = z.object({ name: z.string().min(1).max(256), parameters: parameters.optional() });
const id = z.string().max(1024).optional();
const requestHeader = z.object({
  id,
  inputs: z.array(tensor).min(1).max(64),
  outputs: z.array(output).max(64).optional(),
  parameters: parameters.optional(),
});
const responseHeader = z.object({
  id: id.nullish().transform((value) => value ?? undefined),
  model_name: z.string(),
  model_version: z
    .string()
    .nullish()
    .transform((value) => value ?? undefined),
  outputs: z.array(tensor.extend({ parameters: answered })).max(64),
  parameters: answered,
});
type TensorHeader = z.output<typeof tensor>;

/** @throws ProtocolError when a tensor's data do not fill its shape, or JSON can't carry them */
export function encodeInferRequest(request: InferRequest, form: WireForm = 'binary'): WireMessage {
  const binary = form === 'binary' || form === 'binary-in';
  const given = form === 'bare-json' ? undefined : { ...request.parameters, binary_data_output: form === 'binary' };
  return encode(
    request.inputs,
    () => binary,
    (inputs) => ({
      ...(request.id !== undefined && { id: request.id }),
      ...(given !== undefined && { parameters: given }),
      inputs: form === 'bare-json' ? inputs.map((input) => ({ ...input, parameters: undefined })) : inputs,
    }),
  );
}

/** @throws ProtocolError for anything that is no infer request, with the tensor and field at fault */
export function decodeInferRequest(message: WireMessage): { request: InferRequest; wanted: WantedOutputs } {
  const header = parseHeader(message, requestHeader);
  const { binary_data_output: allBinary, ...rest } = header.parameters ?? {};
  const binary = allBinary === true;
  const outputs = header.outputs?.map((item) => ({ name: item.name, binary: flag(item.parameters, 'binary_data') ?? binary }));
  const inputs = decodeTensors(header.inputs, message);
  return {
    request: {
      ...(header.id !== undefined && { id: header.id }),
      inputs,
      ...(Object.keys(rest).length > 0 && { parameters: rest }),
    },
    wanted: { outputs: outputs ?? null, binary },
  };
}

/** @param isBinary which outputs go as binary data, as the client asked */
export function encodeInferResponse(response: InferResponse, isBinary: (output: string) => boolean = () => true): WireMessage {
  return encode(response.outputs, isBinary, (outputs) => ({
    ...(response.id !== undefined && { id: response.id }),
    model_name: response.modelName,
    ...(response.modelVersion !== undefined && { model_version: response.modelVersion }),
    ...(response.parameters && { parameters: response.parameters }),
    outputs,
  }));
}

/** @throws ProtocolError for anything that is no infer response */
export function decodeInferResponse(message: WireMessage): InferResponse {
  const header = parseHeader(message, responseHeader);
  const outputs = decodeTensors(header.outputs, message);
  return {
    ...(header.id !== undefined && { id: header.id }),
    modelName: header.model_name,
    ...(header.model_version !== undefined && { modelVersion: header.model_version }),
    outputs,
    ...(header.parameters && { parameters: header.parameters }),
  };
}

function encode(tensors: readonly Tensor[], isBinary: (name: string) => boolean, wrap: (list: object[]) => object): WireMessage {
  for (const item of tensors) checkTensor(item);
  const binary = tensors.filter((item) => isBinary(item.name));
  const header = Buffer.from(JSON.stringify(wrap(tensors.map((item) => tensorHeader(item, binary.includes(item))))));
  if (binary.length === 0) return { headerLength: null, body: header };
  const body = Buffer.allocUnsafe(binary.reduce((sum, item) => sum + binarySize(item), header.byteLength));
  body.set(header);
  let offset = header.byteLength;
  for (const item of binary) offset = writeBinary(item, body, offset);
  return { headerLength: header.byteLength, body };
}

function tensorHeader(item: Tensor, binary: boolean): object {
  const frame = { name: item.name, datatype: item.datatype, shape: item.shape };
  if (binary) return { ...frame, parameters: { binary_data_size: binarySize(item) } };
  return { ...frame, ...(item.datatype === 'BYTES' && { parameters: { content_type: 'base64' } }), data: jsonData(item) };
}

function parseHeader<S extends z.ZodType>({ headerLength, body }: WireMessage, schema: S): z.output<S> {
  const length = headerLength ?? body.byteLength;
  if (!Number.isSafeInteger(length) || length < 1 || length > body.byteLength) {
    throw new ProtocolError(`Inference-Header-Content-Length is ${length}, but the body has ${body.byteLength} bytes`);
  }
  const result = checkValue(schema, parseJson(body.subarray(0, length)));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ProtocolError(`${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not as the protocol has it'}`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ProtocolError(`its JSON can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function decodeTensors(headers: readonly TensorHeader[], message: WireMessage): Tensor[] {
  const { headerLength } = message;
  const body = new Uint8Array(message.body.buffer, message.body.byteOffset, message.body.byteLength);
  const names = new Set(headers.map((header) => header.name));
  if (names.size !== headers.length) throw new ProtocolError('two tensors have one name');
  let offset = headerLength ?? body.byteLength;
  const tensors = headers.map((header) => {
    const size = header.parameters?.['binary_data_size'];
    if (size === undefined) return tensorOfJson(header, header.data, header.parameters?.['content_type'] === 'base64');
    const end = offset + binaryLength(header, size);
    if (end > body.byteLength) {
      throw new ProtocolError(
        `tensor "${header.name}": binary_data_size ${size}, but ${body.byteLength - offset} bytes are left`,
      );
    }
    const bytes = body.subarray(offset, end);
    offset = end;
    return readBinary(header, bytes);
  });
  if (offset !== body.byteLength) throw new ProtocolError(`${body.byteLength - offset} bytes left over after the last tensor`);
  return tensors;
}

function binaryLength(header: TensorHeader, size: string | number | boolean): number {
  if (header.data !== undefined) throw new ProtocolError(`tensor "${header.name}": both data and binary_data_size`);
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
  throw new ProtocolError(`tensor "${header.name}": ${JSON.stringify(size)} is no binary_data_size`);
}

function flag(values: Parameters | undefined, name: string): boolean | undefined {
  const value = values?.[name];
  return typeof value === 'boolean' ? value : undefined;
}
