import { CouldNotRun } from '#kernel';
import { describe, expect, it } from 'vitest';
import { executableFormat, filesOfModel, planModelLayers } from './model-folder.ts';

describe('filesOfModel', () => {
  it('names weights and labels, each once, in the order of their paths', () => {
    const files = filesOfModel(
      'labels: names.txt\nweights: { int8: w/b.onnx, default: ./a.onnx, fp16: w/b.onnx }\n',
      'model.yaml',
    );
    expect(files.map(({ role, path }) => `${role} ${path}`)).toEqual(['weights a.onnx', 'labels names.txt', 'weights w/b.onnx']);
  });

  it('takes one file for all variants, and labels written out', () => {
    expect(filesOfModel('weights: a.onnx\nlabels: [cat, dog]\n', 'model.yaml').map(({ path }) => path)).toEqual(['a.onnx']);
  });

  it('lists every path that leaves the folder, with its line', () => {
    const text = 'weights:\n  default: ../a.onnx\n  int8: /etc/passwd\nlabels: a/../../b.txt\n';
    const thrown = catchProblems(() => filesOfModel(text, 'm/model.yaml'));
    expect(thrown.map((problem) => [problem.file, problem.line])).toEqual([
      ['m/model.yaml', 2],
      ['m/model.yaml', 3],
      ['m/model.yaml', 4],
    ]);
    expect(thrown[0]?.message).toBe(`"../a.onnx" is not a path below the model's folder`);
  });

  it.each(['labels: x.txt\n', 'weights: {}\n', 'weights: [a.onnx]\n', 'weights: { default: 3 }\n', 'weights: model.yaml\n'])(
    'refuses %j',
    (text) => {
      expect(() => filesOfModel(text, 'model.yaml')).toThrow(CouldNotRun);
    },
  );
});

describe('planModelLayers', () => {
  it('puts all the data of one file of weights into one layer, however many files they are', () => {
    const data = (path: string, of: string) => ({ ...file('data', path), of });
    const layers = planModelLayers([
      file('description', 'model.yaml'),
      data('b.2', 'b.onnx'),
      data('a.1', 'a.onnx'),
      data('b.1', 'b.onnx'),
      file('weights', 'a.onnx'),
      file('weights', 'b.onnx'),
    ]);
    expect(layers.map((layer) => layer.map(({ path }) => path))).toEqual([
      ['model.yaml'],
      ['a.onnx'],
      ['b.onnx'],
      ['a.1'],
      ['b.1', 'b.2'],
    ]);
  });

  it('gives the description and labels one layer, and each file of weights its own', () => {
    const layers = planModelLayers([
      file('weights', 'w/b.onnx'),
      file('labels', 'names.txt'),
      file('weights', 'a.onnx'),
      file('description', 'model.yaml'),
    ]);
    expect(layers.map((layer) => layer.map(({ path }) => path))).toEqual([
      ['model.yaml', 'names.txt'],
      ['a.onnx'],
      ['w', 'w/b.onnx'],
    ]);
  });
});

describe('executableFormat', () => {
  it.each([
    ['a.onnx', [0x80, 4, 0x95], 'a Python pickle'],
    ['a.pt', [8, 9], 'a Python pickle'],
    ['a.onnx', [0x50, 0x4b, 3, 4], 'a zip archive, as PyTorch writes its pickles'],
    ['a.onnx', [0x7f, 0x45, 0x4c, 0x46], 'a program'],
    ['a.onnx', [8, 9, 0x12], undefined],
  ])('%s beginning with %j is %s', (path, start, expected) => {
    expect(executableFormat(path, Uint8Array.from(start))).toBe(expected);
  });
});

function file(role: 'weights' | 'data' | 'labels' | 'description', path: string) {
  return { role, path, source: `/${path}`, size: 1 };
}

function catchProblems(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof CouldNotRun) return error.problems;
  }
  throw new Error('expected CouldNotRun');
}
