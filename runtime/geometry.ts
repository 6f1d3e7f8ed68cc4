import type { Preprocess } from './description/preprocess.ts';

export type Size = { width: number; height: number };
export type Area = { left: number; top: number } & Size;
/** What becomes of a picture: first its new size, then the window that is kept. */
export type ResizePlan = { resize: Size; window: Area };
/** ... and where the window lies in the model's input, which is larger when a letterbox pads it. */
export type FitPlan = ResizePlan & { input: Size; place: { left: number; top: number } };

/**
 * The arithmetic of torchvision's Resize and CenterCrop, so that a model sees what it was trained on: the longer side is cut
 * down to a whole number, the crop's offset is rounded half to even.
 */
export function planResize(source: Size, { resize, crop }: Pick<Preprocess, 'resize' | 'crop'>): ResizePlan {
  const size = newSize(source, resize);
  const window = crop ?? size;
  return {
    resize: size,
    window: {
      left: roundHalfToEven((size.width - window.width) / 2),
      top: roundHalfToEven((size.height - window.height) / 2),
      width: window.width,
      height: window.height,
    },
  };
}

/** How a picture is fitted into the model's input. */
export function planFit(source: Size, preprocess: Pick<Preprocess, 'resize' | 'crop'>): FitPlan {
  const { resize } = preprocess;
  if (resize.fit === 'letterbox') return planLetterbox(source, resize);
  const plan = planResize(source, preprocess);
  return { ...plan, input: { width: plan.window.width, height: plan.window.height }, place: { left: 0, top: 0 } };
}

/**
 * A point of the model's input in pixels of the picture as it was sent: the way back through window and resize, by the size
 * that the picture really got and not by the one that it would have had unrounded.
 */
export function toSource(
  { resize, window, place }: FitPlan,
  source: Size,
): { x: (x: number) => number; y: (y: number) => number } {
  const [right, down] = [window.left - place.left, window.top - place.top];
  return {
    x: (x) => ((x + right) * source.width) / resize.width,
    y: (y) => ((y + down) * source.height) / resize.height,
  };
}

/**
 * In the centre as Ultralytics' LetterBox has it: the size rounded, half of what is left before the picture, its half pixel
 * behind it. At the top left as YOLOX and insightface have it: the size cut down.
 */
function planLetterbox(source: Size, { width = 0, height = 0, place }: Preprocess['resize']): FitPlan {
  const scale = Math.min(width / source.width, height / source.height);
  const whole = place === 'top-left' ? cut : roundHalfToEven;
  const side = (from: number, most: number) => Math.min(most, Math.max(1, whole(from * scale)));
  const size = { width: side(source.width, width), height: side(source.height, height) };
  const left = place === 'top-left' ? 0 : Math.floor((width - size.width) / 2);
  const top = place === 'top-left' ? 0 : Math.floor((height - size.height) / 2);
  return { resize: size, window: { left: 0, top: 0, ...size }, input: { width, height }, place: { left, top } };
}

/** What is a whole number but for the last bit of a double stays that number. */
function cut(value: number): number {
  return Math.trunc(value + 1e-9);
}

function newSize({ width, height }: Size, resize: Preprocess['resize']): Size {
  const side = resize['shorter-side'];
  if (side === undefined) return { width: resize.width ?? width, height: resize.height ?? height };
  if (width <= height) return { width: side, height: Math.trunc((side * height) / width) };
  return { width: Math.trunc((side * width) / height), height: side };
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
