import { TENSORS, type InferRequest, type ModelMetadata, type Tensor } from '#kernel';
import { limit } from './limit.ts';
import { BadRequest, type Orientation, type Picture, type PictureReader } from './picture.ts';

/** Pictures of one request. A client with more of them sends more requests. */
const MAX_PICTURES = 256;
/** Decoded pictures are large: so many at a time, as many as Node has threads for them. */
const DECODES_AT_A_TIME = 4;

/** What every model of the runtime takes. */
export const INPUTS: ModelMetadata['inputs'] = [
  { name: TENSORS.image, datatype: 'BYTES', shape: [-1] },
  { name: TENSORS.frames, datatype: 'UINT8', shape: [-1, -1, -1, 3] },
];

/** Decodes the pictures of a request, a few at a time, and gives what becomes of each, in their order. */
export type PictureInput = <T>(request: InferRequest, use: (picture: Picture) => Promise<T>) => Promise<T[]>;

/** Runs beside the inference of earlier requests. */
export function pictureInput(reader: PictureReader, orientation: Orientation): PictureInput {
  const enter = limit(DECODES_AT_A_TIME);
  return async (request, use) => {
    const input = onlyInput(request);
    if (input.datatype !== 'BYTES') return Promise.all(framesOf(input).map((frame) => enter(async () => use(frame))));
    return Promise.all(input.data.map((encoded) => enter(async () => use(await reader.decode(encoded, orientation)))));
  };
}

function onlyInput({ inputs }: InferRequest): Tensor {
  const [input] = inputs;
  const expected = `expected one input: "${TENSORS.image}" BYTES [N] or "${TENSORS.frames}" UINT8 [N, height, width, 3]`;
  if (input === undefined || inputs.length !== 1) throw new BadRequest(`${expected}, not ${inputs.length}`);
  const { name, datatype, shape } = input;
  const image = name === TENSORS.image && datatype === 'BYTES' && shape.length === 1;
  const frames = name === TENSORS.frames && datatype === 'UINT8' && shape.length === 4 && shape[3] === 3;
  if (!image && !frames) throw new BadRequest(`${expected}, not "${name}" ${datatype} [${shape.join(', ')}]`);
  const [count = 0] = shape;
  if (shape.includes(0)) throw new BadRequest(`"${name}" [${shape.join(', ')}] holds no picture`);
  if (count > MAX_PICTURES) throw new BadRequest(`${count} pictures in one request: send no more than ${MAX_PICTURES}`);
  return input;
}

function framesOf({ shape, data }: Exclude<Tensor, { datatype: 'BYTES' }>): Picture[] {
  const [count = 0, height = 0, width = 0] = shape;
  const size = height * width * 3;
  return Array.from({ length: count }, (_, index) => ({ width, height, rgb: data.subarray(index * size, (index + 1) * size) }));
}
