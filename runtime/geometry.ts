import type { Preprocess } from './model-description.ts';

export type Size = { width: number; height: number };
/** What becomes of a picture: first its new size, then the window that is kept. */
export type ResizePlan = { resize: Size; window: { left: number; top: number } & Size };

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
