import { CouldNotRun, TENSORS, type ModelMetadata } from '#kernel';

/**
 * The name under which a model takes encoded images (BYTES [N]) or frames (UINT8 [N, height, width, 3]): ours, or that of
 * the only input of this type; ours too where the model does not say what it takes.
 * @throws CouldNotRun when it takes none
 */
export function inputFor(kind: 'image' | 'frames', { name, inputs }: ModelMetadata): string {
  const fits = inputs.filter(({ datatype }) => datatype === (kind === 'image' ? 'BYTES' : 'UINT8'));
  const input = fits.find((candidate) => candidate.name === TENSORS[kind]) ?? (fits.length === 1 ? fits[0] : undefined);
  if (input !== undefined) return input.name;
  if (inputs.length === 0) return TENSORS[kind]; // A server that describes no inputs is asked by our name for them.
  const wanted = kind === 'image' ? 'encoded images ("image" BYTES [N])' : 'frames ("frames" UINT8 [N, height, width, 3])';
  const got = inputs.map((tensor) => `"${tensor.name}" ${tensor.datatype} [${tensor.shape.join(', ')}]`).join(', ') || 'nothing';
  throw new CouldNotRun({
    file: `model ${name}`,
    message: `it takes no ${wanted}, but ${got}`,
    remedy: 'let the container decode and preprocess by itself: that is part of what is judged',
  });
}
