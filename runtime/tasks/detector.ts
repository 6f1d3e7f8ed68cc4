import { CouldNotRun } from '#kernel';
import type { Detection } from '../description/detection.ts';
import { inputSize } from '../description/preprocess.ts';
import { fitPicture, type Fitted } from '../fit-picture.ts';
import type { Spot } from '../model-parts.ts';
import { openNetwork } from '../network.ts';
import { suppress } from '../nms.ts';
import type { OnnxModel, Outputs } from '../onnx-model.ts';
import type { Box } from '../outputs/boxes.ts';
import { outputsOf, readBoxes } from '../outputs/read-boxes.ts';
import type { Picture, PictureReader } from '../picture.ts';
import { firstRun } from './first-run.ts';

/** Finds boxes in a picture. */
export type Detector = {
  /** Whether its boxes have five landmarks. */
  landmarks: boolean;
  /** The best first, in pixels of the picture. */
  detect(picture: Picture): Promise<Box[]>;
};

/**
 * One picture a run: what a model quantised as it runs says of a picture would else hang on those beside it.
 * @param labels names of the classes, where there are any
 * @throws CouldNotRun when the weights don't fit the description
 */
export async function openDetector(
  description: Detection,
  labels: readonly string[] | undefined,
  { model, reader, at }: { model: OnnxModel; reader: PictureReader; at: Spot },
): Promise<Detector> {
  const { output, postprocess, preprocess } = description;
  const network = openNetwork({ ...description, outputs: outputsOf(output) }, model, at);
  const asked = { size: inputSize(preprocess), keep: postprocess.keep };
  const known = labels?.length ?? null;
  const first = await firstRun(network, at, (outputs) => readBoxes(output, outputs, asked, known));
  if (known !== null && first.classes !== null && known !== first.classes) {
    const message = `${known} labels, but ${at.weights} scores ${first.classes} classes`;
    throw new CouldNotRun(at.problem(['labels'], message, 'give one label per class, in the order of the output'));
  }
  const most = known ?? first.classes ?? Number.MAX_SAFE_INTEGER;
  return {
    landmarks: first.landmarks,
    async detect(picture) {
      const fitted = await fitPicture(picture, preprocess, reader);
      const outputs = await network.run([fitted.rgb]);
      forbidNaN(outputs);
      const { boxes } = readBoxes(output, outputs, asked, known);
      const stray = boxes.find(({ index }) => !Number.isInteger(index) || index < 0 || index >= most);
      if (stray)
        throw new Error(`the model gave a box of class ${stray.index}, which none of ${most} classes is: see first-class`);
      const kept = suppress(boxes, postprocess).map((box) => sentBox(box, fitted));
      return postprocess.clip ? kept.map((box) => clipped(box, picture)) : kept;
    },
  };
}

/** A score that is no number would be below any threshold: a broken model would find nothing, and nobody would see why. */
function forbidNaN(outputs: Outputs): void {
  for (const [name, { values }] of outputs) {
    for (const value of values) {
      if (Number.isNaN(value))
        throw new Error(`the model's output "${name}" holds NaN: see its preprocessing, and whether its weights overflow`);
    }
  }
}

/** The box in pixels of the picture as it was sent. One that ends before it begins (quantised models have such) has no area. */
function sentBox(box: Box, { back: { x, y } }: Fitted): Box {
  const landmarks = box.landmarks && box.landmarks.map((value, at) => (at % 2 === 0 ? x(value) : y(value)));
  const [x1, y1, x2, y2] = [x(box.x1), y(box.y1), x(box.x2), y(box.y2)];
  return { ...box, x1, y1, x2: Math.max(x1, x2), y2: Math.max(y1, y2), landmarks };
}

function clipped(box: Box, { width, height }: Picture): Box {
  const inside = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const [left, right] = [inside(box.x1, width), inside(box.x2, width)];
  return { ...box, x1: left, y1: inside(box.y1, height), x2: right, y2: inside(box.y2, height) };
}
