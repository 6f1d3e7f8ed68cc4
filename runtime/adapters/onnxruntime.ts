import { createRequire } from 'node:module';
import type * as OnnxRuntime from 'onnxruntime-node';

/**
 * ONNX Runtime, silent and able to take float16. Call it before anything else loads onnxruntime-node.
 *
 * Silent: since 1.29 its builds for Linux send names and hashes of models to their maker unless they are told not to before the
 * library starts (microsoft/onnxruntime#27379); nothing that is judged here leaves the machine.
 *
 * float16: where the engine has Float16Array, onnxruntime-node 1.30 hands its arrays to a binding that reads their length as 0
 * (microsoft/onnxruntime#32323); without it, it takes the bits as Uint16Array. It looks once, when the first tensor is made: so
 * Float16Array is away until then, in which time nothing else can run.
 */
export function loadOnnxRuntime(): typeof OnnxRuntime {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const own = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
  Reflect.deleteProperty(globalThis, 'Float16Array');
  try {
    const runtime = createRequire(import.meta.url)('onnxruntime-node') as typeof OnnxRuntime;
    void new runtime.Tensor('float16', new Uint16Array(1), [1]);
    return runtime;
  } finally {
    if (own) Object.defineProperty(globalThis, 'Float16Array', own);
  }
}
