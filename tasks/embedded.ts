import { z } from 'zod';
import { embeddingsOf, type InferResponse } from '#kernel';
import type { Sample } from '#datasets';

/** Longer embeddings than any in use; a part may come from a stranger's machine. */
const MOST_DIMENSIONS = 8192;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

export const embeddedSchema = z.strictObject({
  /** A path below the dataset's root; here a name that must be known, never opened. */
  id: z.string().min(1).max(4096),
  /** FP32, little endian, as base64: exact, and a third of the same as digits. Null where the model found nothing to look at. */
  embedding: z
    .base64()
    .min(1)
    .max(Math.ceil((MOST_DIMENSIONS * BYTES) / 3) * 4)
    .nullable(),
});

/** What an embedder answered about one picture. */
export type Embedded = z.output<typeof embeddedSchema>;

/** @throws CouldNotRun when the response holds no embedding for each sample */
export function decodeEmbedded(response: InferResponse, samples: readonly Sample[]): Embedded[] {
  const rows = embeddingsOf(response, samples.length);
  return samples.map(({ id }, index) => ({ id, embedding: toText(rows[index] ?? null) }));
}

/** A direction is what is compared: numbers that are none, or zeros alone, have no direction. */
export function embeddedFault({ embedding }: Embedded): string | null {
  if (embedding === null) return null;
  const bytes = Buffer.from(embedding, 'base64');
  const isOne = bytes.length > 0 && bytes.length % BYTES === 0 && Number.isFinite(lengthOf(fromText(embedding)));
  return isOne && lengthOf(fromText(embedding)) > 0 ? null : 'is answered with no embedding';
}

/** Directions of length one, by the sample's id; null where nothing was found. */
export function directionsOf(answers: readonly Embedded[]): ReadonlyMap<string, Float64Array | null> {
  return new Map(answers.map(({ id, embedding }) => [id, embedding === null ? null : direction(fromText(embedding))]));
}

/** The cosine of the angle between two directions of length one. Where one has fewer numbers, the others meet nothing. */
export function cosine(a: Float64Array, b: Float64Array): number {
  const shared = Math.min(a.length, b.length);
  let sum = 0;
  for (let index = 0; index < shared; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function direction(values: Float64Array): Float64Array {
  const length = lengthOf(values);
  return values.map((value) => value / length);
}

function lengthOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function toText(values: Float32Array | null): string | null {
  if (values === null) return null;
  const bytes = Buffer.alloc(values.length * BYTES);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * BYTES));
  return bytes.toString('base64');
}

function fromText(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  return Float64Array.from({ length: Math.floor(bytes.length / BYTES) }, (_, index) => bytes.readFloatLE(index * BYTES));
}
