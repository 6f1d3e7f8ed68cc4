import { CouldNotRun } from './errors.ts';
import type { InferResponse, Tensor } from './inference-protocol.ts';
import { ProtocolError } from './tensor-codec.ts';
import { float32Of } from './tensor-numbers.ts';

/** The model is at fault, for what it answered. */
export function wrongAnswer({ modelName }: Pick<InferResponse, 'modelName'>, message: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: `model ${modelName}`, message, remedy });
}

/** @throws CouldNotRun for a tensor that holds no numbers */
export function numbersOf(response: Pick<InferResponse, 'modelName'>, output: Tensor): Float32Array {
  try {
    return float32Of(output);
  } catch (cause) {
    if (cause instanceof ProtocolError) throw wrongAnswer(response, cause.message, `give "${output.name}" as FP32`);
    throw cause;
  }
}
