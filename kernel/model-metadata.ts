import { z } from 'zod';
import type { Json } from './canonical-json.ts';
import { DATATYPES, type ModelMetadata, type TensorMetadata } from './inference-protocol.ts';
import { ProtocolError } from './tensor-codec.ts';

const tensor = z.object({ name: z.string(), datatype: z.enum(DATATYPES), shape: z.array(z.number().int()) });
const labels = z.array(z.string());
const metadata = z.object({
  name: z.string(),
  versions: z.array(z.string()).default([]),
  platform: z.string().default(''),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
  parameters: z
    .object({ labels: z.union([z.string(), labels]), threshold: z.number(), variant: z.string() })
    .partial()
    .optional(),
});

/** Reads what `GET v2/models/{m}` answered. @throws ProtocolError naming the field at fault */
export function parseModelMetadata(answer: unknown): ModelMetadata {
  const result = metadata.safeParse(answer);
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
