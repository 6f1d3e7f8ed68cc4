import { CouldNotRun, TENSORS } from '#kernel';
import { fitPicture } from '../fit-picture.ts';
import { show } from '../model-contract.ts';
import type { Classification } from '../model-description.ts';
import { spot, type ModelParts, type ServedModel, type Spot } from '../model-parts.ts';
import { openNetwork, type Network } from '../network.ts';
import { tensorOf } from '../outputs/misfit.ts';
import { classCount, softmax } from '../outputs/scores.ts';
import { pictureInput } from '../pictures-of-request.ts';
import { answerOf, fp32, metadataOf } from './answer.ts';
import { firstRun } from './first-run.ts';

/** Pictures per run, so that the model's own memory stays small. */
const PICTURES_PER_RUN = 16;

/** A model that scores classes: `scores` FP32 [N, C]. @throws CouldNotRun when the weights don't fit the description */
export async function openClassification(parts: ModelParts<Classification>): Promise<ServedModel> {
  const { description, reader, source, weights, labels } = parts;
  const at = spot(source, weights.file);
  const outputs = [{ field: ['output'], name: description.output }];
  const network = openNetwork({ ...description, outputs }, await parts.load(weights.file), at);
  const { shape } = await firstRun(network, at, tensorOf);
  const classes = classesOf(shape, labels, at);
  const read = pictureInput(reader, description.preprocess.orientation);
  const score = scorer(network, { classes, perRun: await picturesPerRun(network), ...description.postprocess });
  return {
    metadata: metadataOf(parts, [{ name: TENSORS.scores, datatype: 'FP32', shape: [-1, classes] }], description.threshold),
    async infer(request) {
      const pictures = await read(request, async (picture) => (await fitPicture(picture, description.preprocess, reader)).rgb);
      return answerOf(request, description, [fp32(TENSORS.scores, [pictures.length, classes], await score(pictures))]);
    },
  };
}

/** @throws CouldNotRun for an output that is no [pictures, classes], or has other classes than there are labels */
function classesOf(shape: readonly number[], labels: readonly string[] | undefined, { weights, problem }: Spot): number {
  const classes = classCount(shape);
  if (classes === null || shape[0] !== 1) {
    const message = `${weights} gives an output of shape ${show(shape)} for 1 picture, not [N, classes]`;
    const remedy = 'name the output that holds the class scores, or export the model with one';
    throw new CouldNotRun(problem(['output'], message, remedy));
  }
  if (labels === undefined || labels.length === classes) return classes;
  const message = `${labels.length} labels, but ${weights} gives ${classes} scores`;
  throw new CouldNotRun(problem(['labels'], message, 'give one label per score, in the order of the output'));
}

/** Some models say that they take any batch, and hold a reshape to one picture inside: found out by asking. */
async function picturesPerRun(network: Network): Promise<number> {
  if (network.batch !== null) return network.batch;
  const pair = await network.answerToNothing(2).catch(() => null);
  return pair !== null && tensorOf(pair).shape[0] === 2 ? PICTURES_PER_RUN : 1;
}

type Scoring = { classes: number; perRun: number; activation: 'none' | 'softmax' };

function scorer(network: Network, { classes, perRun, activation }: Scoring) {
  return async (pictures: readonly Uint8Array[]): Promise<Float32Array> => {
    const all = new Float32Array(pictures.length * classes);
    for (let start = 0; start < pictures.length; start += perRun) {
      const some = pictures.slice(start, start + perRun);
      const { values } = tensorOf(await network.run(some));
      if (values.length !== some.length * classes)
        throw new Error(`the model gave ${values.length} scores for ${some.length} pictures of ${classes} classes`);
      all.set(values, start * classes);
    }
    if (activation === 'softmax') softmax(all, classes);
    return all;
  };
}
