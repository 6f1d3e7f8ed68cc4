import { CouldNotRun, reasonOf } from '#kernel';
import type { Spot } from '../model-parts.ts';
import type { Network } from '../network.ts';
import type { Outputs } from '../onnx-model.ts';
import { Misfit } from '../outputs/misfit.ts';

/**
 * Runs one picture of zeros and reads the answer, before anything is believed: a file may declare shapes that are not inside it.
 * @throws CouldNotRun at the field that is at fault
 */
export async function firstRun<T>(network: Network, at: Spot, read: (outputs: Outputs) => T): Promise<T> {
  const outputs = await network.answerToNothing(1).catch((cause: unknown) => {
    const message = `${at.weights} takes the size that it declares, and fails on it: ${reasonOf(cause)}`;
    const remedy = 'run it once where it was exported: what it declares contradicts what is inside it';
    throw new CouldNotRun(at.problem(['preprocess', 'resize'], message, remedy), { cause });
  });
  try {
    return read(outputs);
  } catch (cause) {
    if (!(cause instanceof Misfit)) throw cause;
    throw new CouldNotRun(at.problem(['output', ...cause.field], `${at.weights}: ${cause.message}`, cause.remedy), { cause });
  }
}
