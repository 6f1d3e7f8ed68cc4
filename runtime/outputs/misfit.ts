import type { Numbers, Outputs } from '../onnx-model.ts';

/** A tensor that is not what the description says; at the first run it becomes a problem of model.yaml. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
  /** Below `output` of the description. */
  readonly field: readonly PropertyKey[];
  readonly remedy: string;

  constructor(field: readonly PropertyKey[], message: string, remedy: string) {
    super(message);
    this.field = field;
    this.remedy = remedy;
  }
}

/** The one tensor that was asked for without a name, or the one of this name. */
export function tensorOf(outputs: Outputs, name?: string): Numbers & { name: string } {
  for (const [key, numbers] of outputs) if (name === undefined || key === name) return { name: key, ...numbers };
  throw new Error(`the model gave no output "${name}"`);
}

/**
 * A tensor of one picture as rows of so many columns, its leading dimensions of 1 dropped.
 * @throws Misfit when it has other columns
 */
export function tableOf(outputs: Outputs, name: string | undefined, columns: number, field: string): Numbers['values'] {
  const { values, shape, name: called } = tensorOf(outputs, name);
  const [last = 1] = shape.slice(-1);
  if (last === columns && plain(shape, 2)) return values;
  if (columns === 1 && plain(shape, 1)) return values;
  throw new Misfit(
    [field],
    `"${called}" is [${shape.join(', ')}], not [rows, ${columns}]`,
    'name another output, or correct the kind',
  );
}

/** Whether all but the last so many dimensions are 1, as those of one picture are. */
export function plain(shape: readonly number[], last: number): boolean {
  return shape.slice(0, Math.max(0, shape.length - last)).every((size) => size === 1);
}
