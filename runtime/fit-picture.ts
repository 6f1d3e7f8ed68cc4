import { planFit, toSource, type FitPlan } from './geometry.ts';
import type { Preprocess } from './description/preprocess.ts';
import type { Picture, PictureReader } from './picture.ts';

/** A picture at the model's size, and the way back to the picture's own pixels. */
export type Fitted = { rgb: Uint8Array; back: ReturnType<typeof toSource> };

export async function fitPicture(picture: Picture, preprocess: Preprocess, reader: PictureReader): Promise<Fitted> {
  const { resize } = preprocess;
  const plan = planFit(picture, preprocess);
  const fits = [plan.resize, plan.window].every(({ width, height }) => width === picture.width && height === picture.height);
  const rgb = fits ? picture.rgb : await reader.resize(picture, plan, resize.kernel);
  return { rgb: padded(rgb, plan, resize.pad ?? 0), back: toSource(plan, picture) };
}

/** The window at its place in the model's input, with this around it. */
export function padded(rgb: Uint8Array, { window, input, place }: FitPlan, pad: number | readonly number[]): Uint8Array {
  if (window.width === input.width && window.height === input.height) return rgb;
  const all = filled(input.width * input.height, typeof pad === 'number' ? [pad, pad, pad] : pad);
  const row = window.width * 3;
  for (let y = 0; y < window.height; y += 1) {
    all.set(rgb.subarray(y * row, (y + 1) * row), ((place.top + y) * input.width + place.left) * 3);
  }
  return all;
}

function filled(pixels: number, [red = 0, green = 0, blue = 0]: readonly number[]): Uint8Array {
  const all = new Uint8Array(pixels * 3).fill(red);
  if (red === green && green === blue) return all;
  for (let at = 0; at < all.length; at += 3) all.set([red, green, blue], at);
  return all;
}
