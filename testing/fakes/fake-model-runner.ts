import type { Chipset, ChipsetKey, ModelRunner, RunningModel, Servable } from '#runners';
import { CouldNotRun, type InferRequest, type InferResponse, type ModelMetadata } from '#kernel';

/** What a fake model is: a function from a picture's bytes (or a frame's pixels) to scores. */
export type FakeModel = {
  classes: number;
  score: (picture: Uint8Array) => readonly number[];
  threshold?: number;
  /** How long it takes for a request; told to `spend`, so that a fake clock can go by it. */
  milliseconds?: number;
};

export type FakeHost = {
  key?: ChipsetKey;
  missing?: (chipset: Chipset) => readonly string[];
  spend?: (milliseconds: number) => void;
};

const KEY: ChipsetKey = { cpuModel: 'fake', cpuFlags: [], cores: 2, governor: null, provider: 'cpu', threads: 1 };

/** A model runner in memory. A model that is paused answers when it is resumed; one that is stopped never does. */
export function fakeModelRunner(modelOf: (servable: Servable, chipset: Chipset) => FakeModel, host: FakeHost = {}): ModelRunner {
  return {
    name: 'process',
    sandboxed: false,
    detect: async () => host.key ?? KEY,
    missing: async (chipset) => host.missing?.(chipset) ?? [],
    runsImage: async () => false,
    start: async (servable, chipset, options = {}) => {
      options.signal?.throwIfAborted();
      return startFake(modelOf(servable, chipset), host.spend ?? (() => {}));
    },
  };
}

function startFake(model: FakeModel, spend: (milliseconds: number) => void): RunningModel {
  let stopped = false;
  let resumed = Promise.withResolvers<void>();
  resumed.resolve();
  return {
    metadata: metadataOf(model),
    infer: async (request) => {
      if (stopped) throw new CouldNotRun({ file: 'fake', message: 'the model was stopped', remedy: 'start it again' });
      await resumed.promise;
      spend(model.milliseconds ?? 0);
      return answer(model, request);
    },
    manner: () => null,
    pause: async () => {
      resumed = Promise.withResolvers<void>();
    },
    resume: async () => resumed.resolve(),
    peakMemory: async () => null,
    stop: async () => {
      stopped = true;
    },
  };
}

function metadataOf({ classes, threshold }: FakeModel): ModelMetadata {
  return {
    name: 'model',
    versions: ['1'],
    platform: 'fake',
    inputs: [
      { name: 'image', datatype: 'BYTES', shape: [-1] },
      { name: 'frames', datatype: 'UINT8', shape: [-1, -1, -1, 3] },
    ],
    outputs: [{ name: 'scores', datatype: 'FP32', shape: [-1, classes] }],
    ...(threshold !== undefined && { threshold }),
  };
}

function answer({ classes, score }: FakeModel, { inputs: [input] }: InferRequest): InferResponse {
  const rows = input === undefined ? [] : picturesIn(input);
  const data = new Uint8Array(Float32Array.from(rows.flatMap((row) => [...score(row)])).buffer);
  return { modelName: 'model', outputs: [{ name: 'scores', datatype: 'FP32', shape: [rows.length, classes], data }] };
}

function picturesIn(input: InferRequest['inputs'][number]): readonly Uint8Array[] {
  if (input.datatype === 'BYTES') return input.data;
  const [count = 0, ...rest] = input.shape;
  const size = rest.reduce((product, length) => product * length, 1);
  return Array.from({ length: count }, (_, index) => input.data.subarray(index * size, (index + 1) * size));
}
