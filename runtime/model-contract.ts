import { problemAt, type Problem, type SourceMap } from '#kernel';
import { channelCount, inputSize, isPlain, type ModelDescription } from './model-description.ts';
import { classCount } from './postprocess.ts';
import type { InputType } from './preprocess.ts';

/** An input or output as the ONNX file declares it; a dimension given as a string takes any size. */
export type OnnxValue = { name: string; type: string; shape: readonly (number | string)[] };
export type OnnxSignature = { inputs: readonly OnnxValue[]; outputs: readonly OnnxValue[] };

/** How a model is fed and read, once it is known to fit its description. `batch`: pictures per run, null for any number. */
export type Wiring = {
  input: string;
  type: InputType;
  shape: readonly [number, number, number];
  output: string;
  batch: 1 | null;
};

const INPUT_TYPES: readonly string[] = ['float32', 'float16', 'uint8'] satisfies InputType[];
const OUTPUT_TYPES: readonly string[] = ['float32', 'float16'];

/**
 * Fits an ONNX file to its description.
 * @param weights how messages name the ONNX file
 * @returns the wiring, or everything that keeps the two from fitting
 */
export function wire(
  description: ModelDescription,
  { inputs, outputs }: OnnxSignature,
  source: SourceMap,
  weights: string,
): { wiring: Wiring } | { problems: Problem[] } {
  const input = pick(inputs, description.input, 'input', source, weights);
  const output = pick(outputs, description.output, 'output', source, weights);
  const problems = [input, output].filter((item) => 'message' in item);
  if ('message' in input || 'message' in output) return { problems };
  problems.push(...inputProblems(description, input, source, weights), ...outputProblems(description, output, source, weights));
  if (problems.length > 0) return { problems };
  const [, ...shape] = wantedShape(description);
  const batch = input.shape[0] === 1 ? 1 : null;
  return { wiring: { input: input.name, type: input.type as InputType, shape, output: output.name, batch } };
}

/** The problem of an output that, once run, is no [pictures, classes], or has other classes than there are labels. */
export function scoresProblem(
  shape: readonly number[],
  pictures: number,
  labels: readonly string[] | undefined,
  source: SourceMap,
  weights: string,
): Problem | null {
  const classes = classCount(shape);
  if (classes === null || shape[0] !== pictures) {
    const message = `${weights} gives an output of shape ${show(shape)} for ${pictures} picture, not [N, classes]`;
    return problemAt(source, ['output'], message, 'name the output that holds the class scores, or export the model with one');
  }
  if (labels === undefined || labels.length === classes) return null;
  const message = `${labels.length} labels, but ${weights} gives ${classes} scores`;
  return problemAt(source, ['labels'], message, 'give one label per score, in the order of the output');
}

type Field = 'input' | 'output';

function pick(
  values: readonly OnnxValue[],
  name: string | undefined,
  field: Field,
  source: SourceMap,
  weights: string,
): OnnxValue | Problem {
  const names = values.map((value) => value.name).join(', ');
  const [only] = values;
  if (name === undefined && only !== undefined && values.length === 1) return only;
  const found = values.find((value) => value.name === name);
  if (found) return found;
  const message = name === undefined ? `${weights} has several ${field}s` : `${weights} has no ${field} "${name}"`;
  return problemAt(source, [field], message, `name one of: ${names}`);
}

function inputProblems(description: ModelDescription, input: OnnxValue, source: SourceMap, weights: string): Problem[] {
  const { preprocess } = description;
  const problem = (field: string, message: string, remedy: string) => problemAt(source, ['preprocess', field], message, remedy);
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
  const wanted = wantedShape(description);
  const fits =
    input.shape.length === 4 && input.shape.every((size, at) => at === 0 || typeof size === 'string' || size === wanted[at]);
  const batched = typeof input.shape[0] === 'number' && input.shape[0] !== 1;
  if (!fits || batched) {
    const message = `${weights} takes ${show(input.shape)}, but this gives ${show(wanted)}`;
    const remedy = batched ? 'export it with a batch of 1 or of any size' : 'correct resize, crop, channels or layout';
    problems.push(problem('resize', message, remedy));
  }
  return problems;
}

function outputProblems({ output: field }: ModelDescription, output: OnnxValue, source: SourceMap, weights: string): Problem[] {
  if (OUTPUT_TYPES.includes(output.type)) return [];
  const named = field === undefined ? `output "${output.name}"` : 'it';
  return [
    problemAt(source, ['output'], `${named} is ${output.type} in ${weights}`, `scores must be ${OUTPUT_TYPES.join(' or ')}`),
  ];
}

function wantedShape({ preprocess }: ModelDescription): readonly ['N', number, number, number] {
  const { width, height } = inputSize(preprocess);
  const channels = channelCount(preprocess);
  return preprocess.layout === 'nchw' ? ['N', channels, height, width] : ['N', height, width, channels];
}

function show(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
