import { z } from 'zod';
import { checkValue } from './check-value.ts';
import type { Json } from './canonical-json.ts';
import { DATATYPES, type ModelMetadata, type TensorMetadata } from './inference-protocol.ts';
import { ProtocolError } from './tensor-codec.ts';

const tensor = z.object({ name: z.string(), datatype: z.enum(DATATYPES), shape: z.array(z.number().int()) });
const labels = z.array(z.string());
/** What a server does not know it leaves out, or says that it is null; some know of no tensors at all. */
const metadata = z.object({
  name: z.string(),
  versions: absent(z.array(z.string()), []),
  platform: absent(z.string(), ''),
  inputs: absent(z.array(tensor), []),
  outputs: absent(z.array(tensor), []),
  parameters: z
    .object({ labels: z.union([z.string(), labels]), threshold: z.number(), variant: z.string() })
    .partial()
    .nullish(),
});

function absent<T>(schema: z.ZodType<T>, fallback: T) {
  return schema.nullish().transform((value) => value ?? fallback);
}

/** Reads what `GET v2/models/{m}` answered. @throws ProtocolError naming the field at fault */
export function parseModelMetadata(answer: unknown): ModelMetadata {
  const result = checkValue(metadata, answer);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new ProtocolError(
      `model metadata: ${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'not as the protocol has it'}`,
    );
  }
  const { parameters, ...plain } = result.data;
  return {
    ...plain,
    ...(parameters?.labels !== undefined && { labels: parseLabels(parameters.labels) }),
    ...(parameters?.threshold !== undefined && { threshold: parameters.threshold }),
    ...(parameters?.variant !== undefined && { variant: parameters.variant }),
  };
}

/** What our runtime answers. Parameters of the protocol are scalars, so the labels go as a string of JSON. */
export function formatModelMetadata(model: ModelMetadata): Json {
  return {
    name: model.name,
    versions: model.versions,
    platform: model.platform,
    inputs: model.inputs.map(formatTensor),
    outputs: model.outputs.map(formatTensor),
    parameters: {
      ...(model.labels && { labels: JSON.stringify(model.labels) }),
      ...(model.threshold !== undefined && { threshold: model.threshold }),
      ...(model.variant !== undefined && { variant: model.variant }),
    },
  };
}

function formatTensor({ name, datatype, shape }: TensorMetadata): Json {
  return { name, datatype, shape };
}

function parseLabels(value: string | string[]): string[] {
  if (typeof value !== 'string') return value;
  try {
    return labels.parse(JSON.parse(value));
  } catch (cause) {
    throw new ProtocolError('model metadata: parameters.labels: not a JSON list of strings', { cause });
  }
}
