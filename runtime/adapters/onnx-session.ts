import { CouldNotRun, reasonOf, type Problem } from '#kernel';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxModel } from '../classifier.ts';
import { fromHalf } from '../half.ts';
import type { OnnxValue } from '../model-contract.ts';
import { loadOnnxRuntime } from './onnxruntime.ts';

/**
 * Loads an ONNX file for the CPU.
 * @param file its path, as messages name it too
 * @param threads of one inference
 * @throws CouldNotRun when it is no ONNX model, cut short, or wants what ONNX Runtime has not
 */
export async function openOnnx(file: string, threads: number): Promise<OnnxModel> {
  const runtime = loadOnnxRuntime();
  const session = await load(runtime.InferenceSession, file, threads);
  return {
    signature: { inputs: session.inputMetadata.map(valueOf), outputs: session.outputMetadata.map(valueOf) },
    async run(wiring, data, pictures) {
      const tensor = new runtime.Tensor(wiring.type, data, [pictures, ...wiring.shape]);
      const { [wiring.output]: output } = await session.run({ [wiring.input]: tensor }, [wiring.output]);
      if (output === undefined) throw new Error(`${file} gave no output "${wiring.output}"`);
      return { shape: output.dims, scores: scoresOf(output) };
    },
  };
}

async function load(sessions: typeof InferenceSession, file: string, threads: number): Promise<InferenceSession> {
  try {
    return await sessions.create(file, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // Threads that spin while they wait take the CPU from the decoder, and from the model beside that is compared with.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw new CouldNotRun(loadProblem(file, reasonOf(cause)), { cause });
  }
}

function loadProblem(file: string, reason: string): Problem {
  const says = reason.replace(/^Load model from \S+ failed:/, '').trim();
  const operator = /No Op registered for (\S+)/.exec(reason)?.[1] ?? /implementation for (\S+?)\(/.exec(reason)?.[1];
  if (operator) {
    const remedy = 'export the model with operators of ONNX itself, at an opset that ONNX Runtime 1.30 knows';
    return { file, message: `wants the operator ${operator}, which is not there (${says})`, remedy };
  }
  if (/protobuf parsing failed|does not have a graph|EOF/i.test(reason)) {
    return {
      file,
      message: `is no ONNX model, or is cut short (${says})`,
      remedy: 'export it again; a text of some lines is a Git LFS pointer: fetch it',
    };
  }
  if (/external data/i.test(reason)) {
    return {
      file,
      message: `its external data can't be used: ${says}`,
      remedy: 'put them into the model folder, beside the ONNX file',
    };
  }
  return { file, message: `can't be loaded: ${says}`, remedy: 'check it with onnx.checker, and export it again' };
}

function valueOf(value: InferenceSession.ValueMetadata): OnnxValue {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', shape: [] };
  return { name: value.name, type: value.type, shape: value.shape };
}

function scoresOf({ type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return fromHalf(data);
  throw new Error(`the model's output is ${type}, neither float32 nor float16`);
}
