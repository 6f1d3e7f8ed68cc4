import type { MarkedBox } from '../thumbnailer.ts';

/**
 * Told apart by line and not by colour alone: what is true is white in black, what the release before said is dashed, what the
 * candidate says is solid. Blue and orange differ for whoever sees no red or green (Okabe and Ito 2008).
 */
const LINES = {
  truth: [line('black', 4), line('white', 2)],
  reference: [line('black', 3.5, '6 4'), line('#e69f00', 2, '6 4')],
  candidate: [line('black', 3.5), line('#56b4e9', 2)],
} as const satisfies Record<MarkedBox['role'], readonly string[]>;

/** An SVG of the thumbnail's size. True boxes lie below the others. */
export function drawBoxes(boxes: readonly MarkedBox[], size: { width: number; height: number }, scale: number): string {
  const inOrder = (['truth', 'reference', 'candidate'] as const).flatMap((role) => boxes.filter((box) => box.role === role));
  const drawn = inOrder.flatMap((box) => LINES[box.role].map((style) => rectangle(box, scale, style)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${drawn.join('')}</svg>`;
}

function rectangle({ x1, y1, x2, y2 }: MarkedBox, scale: number, style: string): string {
  const [x, y, width, height] = [x1, y1, x2 - x1, y2 - y1].map((value) => (value * scale).toFixed(2));
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${style}/>`;
}

function line(colour: string, width: number, dashes?: string): string {
  return `fill="none" stroke="${colour}" stroke-width="${width}"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}`;
}
