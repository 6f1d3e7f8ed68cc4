import { CouldNotRun, TENSORS, type Tensor } from '#kernel';
import { alignFace, cropBox, largest } from '../align.ts';
import { inputSize } from '../description/preprocess.ts';
import { fitPicture } from '../fit-picture.ts';
import type { EmbeddingModel } from '../model-description.ts';
import { spot, type ModelParts, type ServedModel } from '../model-parts.ts';
import { openNetwork } from '../network.ts';
import { readEmbedding } from '../outputs/embedding.ts';
import type { Picture } from '../picture.ts';
import { pictureInput } from '../pictures-of-request.ts';
import { answerOf, fp32, metadataOf } from './answer.ts';
import { openDetector } from './detector.ts';
import { firstRun } from './first-run.ts';

/** The part of a picture that is embedded, at the model's size; null where there is none. */
type Subject = (picture: Picture) => Promise<Uint8Array | null>;

/**
 * A model that gives a vector for each picture: `embeddings` FP32 [N, D], and `found` UINT8 [N] where a detector goes before it:
 * 0 for a picture without a face, whose row is zeros.
 * @throws CouldNotRun when the weights don't fit the description
 */
export async function openEmbedding(parts: ModelParts<EmbeddingModel>): Promise<ServedModel> {
  const { description, reader, source, weights } = parts;
  const { output } = description;
  const at = spot(source, weights.file);
  const outputs = [{ field: ['output', 'tensor'], name: output.tensor }];
  const network = openNetwork({ ...description, outputs }, await parts.load(weights.file), at);
  const dimensions = await firstRun(network, at, (tensors) => readEmbedding(output, tensors).length);
  const subject = await subjectOf(parts);
  const read = pictureInput(reader, description.preprocess.orientation);
  const embed = async (picture: Picture) => {
    const rgb = await subject(picture);
    return rgb === null ? null : readEmbedding(output, await network.run([rgb]));
  };
  const found = description.align === undefined ? [] : [{ name: TENSORS.found, datatype: 'UINT8', shape: [-1] } as const];
  return {
    metadata: metadataOf(parts, [{ name: TENSORS.embeddings, datatype: 'FP32', shape: [-1, dimensions] }, ...found], undefined),
    async infer(request) {
      const vectors = await read(request, embed);
      const all = new Float32Array(vectors.length * dimensions);
      vectors.forEach((vector, index) => vector && all.set(vector, index * dimensions));
      const flags = Uint8Array.from(vectors, (vector) => (vector === null ? 0 : 1));
      const whether: Tensor = { name: TENSORS.found, datatype: 'UINT8', shape: [vectors.length], data: flags };
      const embeddings = fp32(TENSORS.embeddings, [vectors.length, dimensions], all);
      return answerOf(request, description, found.length === 0 ? [embeddings] : [embeddings, whether]);
    },
  };
}

async function subjectOf({ description, detector: file, reader, source, load }: ModelParts<EmbeddingModel>): Promise<Subject> {
  const { preprocess, align } = description;
  if (align === undefined || file === null) return async (picture) => (await fitPicture(picture, preprocess, reader)).rgb;
  const at = spot(source, file, ['align', 'detector']);
  const detector = await openDetector(align.detector, undefined, { model: await load(file), reader, at });
  if (align.by === 'five-points' && !detector.landmarks) {
    const message = `${file} gives boxes without landmarks, and five-points needs them`;
    throw new CouldNotRun(at.problem(['output'], message, 'name its landmarks, choose another detector, or write by: box'));
  }
  return async (picture) => {
    const box = largest(await detector.detect(picture), align.detector.threshold);
    if (box === null) return null;
    if (align.by === 'five-points') return alignFace(picture, box.landmarks ?? [], inputSize(preprocess));
    const crop = cropBox(picture, box);
    return crop === null ? null : (await fitPicture(crop, preprocess, reader)).rgb;
  };
}
