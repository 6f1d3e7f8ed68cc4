import { TENSORS } from '#kernel';
import type { DetectionModel } from '../model-description.ts';
import { spot, type ModelParts, type ServedModel } from '../model-parts.ts';
import type { Box } from '../outputs/boxes.ts';
import { pictureInput } from '../pictures-of-request.ts';
import { answerOf, fp32, metadataOf } from './answer.ts';
import { openDetector } from './detector.ts';

const COLUMNS = 7;
const POINTS = 10;

/** A model that finds boxes: `detections` FP32 [M, 7], and `landmarks` FP32 [M, 10] where it has them. @throws CouldNotRun */
export async function openDetection(parts: ModelParts<DetectionModel>): Promise<ServedModel> {
  const { description, reader, source, weights, labels } = parts;
  const model = await parts.load(weights.file);
  const detector = await openDetector(description, labels, { model, reader, at: spot(source, weights.file) });
  const read = pictureInput(reader, description.preprocess.orientation);
  const outputs = [
    { name: TENSORS.detections, datatype: 'FP32', shape: [-1, COLUMNS] } as const,
    ...(detector.landmarks ? [{ name: TENSORS.landmarks, datatype: 'FP32', shape: [-1, POINTS] } as const] : []),
  ];
  return {
    metadata: metadataOf(parts, outputs, description.threshold),
    async infer(request) {
      const found = await read(request, (picture) => detector.detect(picture));
      const boxes = found.flat();
      const rows = found.flatMap((some, picture) => some.flatMap((box) => rowOf(picture, box)));
      const detections = fp32(TENSORS.detections, [boxes.length, COLUMNS], Float32Array.from(rows));
      if (!detector.landmarks) return answerOf(request, description, [detections]);
      const points = Float32Array.from(boxes.flatMap(({ landmarks }) => landmarks ?? []));
      return answerOf(request, description, [detections, fp32(TENSORS.landmarks, [boxes.length, POINTS], points)]);
    },
  };
}

function rowOf(picture: number, { x1, y1, x2, y2, score, index }: Box): number[] {
  return [picture, x1, y1, x2, y2, score, index];
}
