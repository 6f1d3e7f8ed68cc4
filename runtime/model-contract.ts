import type { Problem } from '#kernel';
import { channelCount, inputSize, isPlain, type Preprocess } from './description/preprocess.ts';
import type { Spot } from './model-parts.ts';
import { OUTPUT_TYPES, SIZES_TYPES, type OnnxSignature, type OnnxValue, type SizesType } from './onnx-model.ts';
import type { InputType } from './preprocess.ts';

/** How a model is fed and read, once it is known to fit its description. `batch`: pictures per run, null for any number. */
export type Wiring = {
  input: string;
  type: InputType;
  shape: readonly [number, number, number];
  /** A second input, which takes the size of the pictures. */
  sizes: { name: string; type: SizesType; values: readonly [number, number] } | null;
  outputs: readonly string[];
  batch: 1 | null;
};

/** What of a description is held against the ONNX file. */
export type Wanted = {
  input?: string | undefined;
  sizes?: { input: string; order: 'width-height' | 'height-width' } | undefined;
  preprocess: Preprocess;
  /** Its outputs, and the field that names each; null for all that there are. */
  outputs: readonly { field: readonly PropertyKey[]; name: string | undefined }[] | null;
};

const INPUT_TYPES: readonly string[] = ['float32', 'float16', 'uint8'] satisfies InputType[];

/**
 * Fits an ONNX file to its description.
 * @returns the wiring, or everything that keeps the two from fitting
 */
export function wire(wanted: Wanted, { inputs, outputs }: OnnxSignature, at: Spot): { wiring: Wiring } | { problems: Problem[] } {
  const sizes = wanted.sizes === undefined ? null : pick(inputs, wanted.sizes.input, ['sizes', 'input'], 'input', at);
  const others = inputs.filter(({ name }) => name !== wanted.sizes?.input);
  const input = pick(others, wanted.input, ['input'], 'input', at);
  const picked = wanted.outputs?.map(({ field, name }) => pick(outputs, name, field, 'output', at)) ?? outputs;
  const problems = [input, sizes, ...picked].filter((item) => item !== null && 'message' in item);
  if ('message' in input || (sizes !== null && 'message' in sizes)) return { problems };
  const values = picked.filter((item) => 'type' in item);
  problems.push(
    ...inputProblems(wanted.preprocess, input, at),
    ...unfed(others, input, at),
    ...(sizes === null ? [] : sizesProblems(sizes, at)),
    ...values.flatMap((value, index) => outputProblems(value, wanted.outputs?.[index]?.field ?? ['output'], at)),
  );
  if (problems.length > 0) return { problems };
  const [, ...shape] = wantedShape(wanted.preprocess);
  const batch = input.shape[0] === 1 ? 1 : null;
  const { width, height } = inputSize(wanted.preprocess);
  const fed = sizes === null ? null : { name: sizes.name, type: sizes.type as SizesType };
  const order = wanted.sizes?.order === 'height-width' ? ([height, width] as const) : ([width, height] as const);
  const wiring = {
    input: input.name,
    type: input.type as InputType,
    shape,
    outputs: values.map(({ name }) => name),
    batch,
  } as const;
  return { wiring: { ...wiring, sizes: fed && { ...fed, values: order } } };
}

function pick(
  values: readonly OnnxValue[],
  name: string | undefined,
  field: readonly PropertyKey[],
  kind: 'input' | 'output',
  { weights, problem }: Spot,
): OnnxValue | Problem {
  const names = values.map((value) => value.name).join(', ');
  const [only] = values;
  if (name === undefined && only !== undefined && values.length === 1) return only;
  const found = values.find((value) => value.name === name);
  if (found) return found;
  const message = name === undefined ? `${weights} has several ${kind}s` : `${weights} has no ${kind} "${name}"`;
  return problem(field, message, `name one of: ${names}`);
}

function unfed(inputs: readonly OnnxValue[], input: OnnxValue, { weights, problem }: Spot): Problem[] {
  const others = inputs.filter((value) => value !== input).map(({ name, type, shape }) => `"${name}" (${type} ${show(shape)})`);
  if (others.length === 0) return [];
  const remedy = 'name it under sizes where it takes the size of the picture, or export the model without it';
  return [problem(['input'], `${weights} takes ${others.join(' and ')} too, which nothing would feed`, remedy)];
}

function inputProblems(preprocess: Preprocess, input: OnnxValue, at: Spot): Problem[] {
  const { weights } = at;
  const problem = (field: string, message: string, remedy: string) => at.problem(['preprocess', field], message, remedy);
  const problems: Problem[] = [];
  if (!INPUT_TYPES.includes(input.type)) {
    problems.push(problem('type', `${weights} takes ${input.type}`, `export it with an input of ${INPUT_TYPES.join(', ')}`));
  } else if (preprocess.type !== undefined && preprocess.type !== input.type) {
    problems.push(
      problem('type', `${weights} takes ${input.type}, not ${preprocess.type}`, `write type: ${input.type}, or leave it out`),
    );
  } else if (input.type === 'uint8' && !isPlain(preprocess)) {
    problems.push(
      problem('range', `${weights} takes uint8: pixels as they are`, 'remove range, mean and std, or move them into the model'),
    );
  }
  const wanted = wantedShape(preprocess);
  const fits =
    input.shape.length === 4 &&
    input.shape.every((size, axis) => axis === 0 || typeof size === 'string' || size === wanted[axis]);
  const batched = typeof input.shape[0] === 'number' && input.shape[0] !== 1;
  if (!fits || batched) {
    const message = `${weights} takes ${show(input.shape)}, but this gives ${show(wanted)}`;
    const remedy = batched ? 'export it with a batch of 1 or of any size' : 'correct resize, crop, channels or layout';
    problems.push(problem('resize', message, remedy));
  }
  return problems;
}

function sizesProblems({ name, type, shape }: OnnxValue, { weights, problem }: Spot): Problem[] {
  const problems: Problem[] = [];
  if (!SIZES_TYPES.some((known) => known === type))
    problems.push(problem(['sizes', 'input'], `"${name}" is ${type} in ${weights}`, `sizes are ${SIZES_TYPES.join(', ')}`));
  if (shape.length !== 2 || (typeof shape[1] === 'number' && shape[1] !== 2))
    problems.push(problem(['sizes', 'input'], `"${name}" is ${show(shape)} in ${weights}`, 'sizes are [N, 2]'));
  return problems;
}

function outputProblems(output: OnnxValue, field: readonly PropertyKey[], { weights, problem }: Spot): Problem[] {
  if (OUTPUT_TYPES.includes(output.type)) return [];
  return [
    problem(field, `output "${output.name}" is ${output.type} in ${weights}`, 'export the model so that its output is numbers'),
  ];
}

function wantedShape(preprocess: Preprocess): readonly ['N', number, number, number] {
  const { width, height } = inputSize(preprocess);
  const channels = channelCount(preprocess);
  return preprocess.layout === 'nchw' ? ['N', channels, height, width] : ['N', height, width, channels];
}

export function show(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
