import type { DetectionOutput } from '../description/detection-output.ts';
import type { Outputs } from '../onnx-model.ts';
import type { Asked, Reading } from './boxes.ts';
import { readDense } from './dense.ts';
import { readPair } from './pair.ts';
import { readParallel } from './parallel.ts';
import { readPriors } from './priors.ts';
import { readRows } from './rows.ts';
import { readStrided } from './strided.ts';

/** Boxes of one picture as a detector's tensors have them. @throws Misfit when these are not as described */
export function readBoxes(output: DetectionOutput, outputs: Outputs, asked: Asked, labels: number | null): Reading {
  switch (output.kind) {
    case 'dense':
      return readDense(output, outputs, asked, labels);
    case 'pair':
      return readPair(output, outputs, asked);
    case 'rows':
      return readRows(output, outputs, asked);
    case 'parallel':
      return readParallel(output, outputs, asked);
    case 'strided':
      return readStrided(output, outputs, asked);
    case 'priors':
      return readPriors(output, outputs, asked);
  }
}

/** The outputs that a kind reads, and the field of `output` that names each; null for all that the model has. */
export function outputsOf(output: DetectionOutput): { field: readonly PropertyKey[]; name: string | undefined }[] | null {
  const named = (fields: readonly string[]) =>
    fields.flatMap((field) => {
      const name = (output as Readonly<Record<string, unknown>>)[field];
      return typeof name === 'string' ? [{ field: ['output', field], name }] : [];
    });
  switch (output.kind) {
    case 'dense':
    case 'rows':
      return [{ field: ['output', 'tensor'], name: output.tensor }];
    case 'pair':
    case 'priors':
      return named(['boxes', 'scores', 'landmarks']);
    case 'parallel':
      return named(['boxes', 'scores', 'classes', 'count']);
    case 'strided':
      return null;
  }
}
