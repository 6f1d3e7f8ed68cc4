import { CouldNotRun, reasonOf, type Problem } from '#kernel';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { fromHalf } from '../half.ts';
import { OUTPUT_TYPES, type Fed, type Numbers, type OnnxModel, type OnnxValue } from '../onnx-model.ts';
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
  const tensorOf = (type: Fed['type'], data: Fed['data'], shape: Fed['shape']) => new runtime.Tensor(type, data, shape);
  return {
    signature: { inputs: session.inputMetadata.map(valueOf), outputs: session.outputMetadata.map(valueOf) },
    async run(inputs, wanted) {
      const feeds = Object.fromEntries([...inputs].map(([name, { type, data, shape }]) => [name, tensorOf(type, data, shape)]));
      const answer = await session.run(feeds, wanted);
      return new Map(
        wanted.map((name) => {
          const { [name]: output } = answer;
          if (output === undefined) throw new Error(`${file} gave no output "${name}"`);
          return [name, { shape: output.dims, values: numbersOf(name, output) }];
        }),
      );
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
      remedy: 'put them beside the ONNX file, below its folder (Git LFS: fetch them)',
    };
  }
  return { file, message: `can't be loaded: ${says}`, remedy: 'check it with onnx.checker, and export it again' };
}

function valueOf(value: InferenceSession.ValueMetadata): OnnxValue {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', shape: [] };
  return { name: value.name, type: value.type, shape: value.shape };
}

/** Integers beyond 2^53 are no class and no count: that they lose their last bits is as well. */
function numbersOf(name: string, { type, data }: Tensor): Numbers['values'] {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return fromHalf(data);
  if (!OUTPUT_TYPES.includes(type)) throw new Error(`the model's output "${name}" is ${type}: no numbers`);
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}
