import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import type { Checked } from '../declared.ts';
import {
  boundsOf,
  cornersFault,
  plainBox,
  type DeclaredBox,
  type DeclaredBoxes,
  type DeclaredPicture,
} from './declared-boxes.ts';
import { childrenOf, numberOf, readXml, textAt, type XmlElement } from './xml-text.ts';

const FORM = 'export it from CVAT as "CVAT for images 1.1"';
/** Says something of the whole picture, and nothing of where. */
const PASSED_OVER = ['tag', 'attribute'];

/**
 * Boxes from an export of CVAT's: boxes, and the boxes around polygons and masks. Rotated boxes, and shapes that enclose
 * nothing, are refused.
 * Source: https://docs.cvat.ai/docs/dataset_management/formats/format-cvat/
 */
export function readCvat(text: string, file: string): Checked<DeclaredBoxes> {
  return readBounded(text, { file }, () => {
    const nothing = { labels: [], pictures: [] };
    const xml = readXml(text, file);
    if ('problem' in xml) return { value: nothing, problems: [xml.problem] };
    const { root } = xml;
    const [track] = childrenOf(root, 'track');
    if (root.name !== 'annotations' || track !== undefined) {
      const message =
        track === undefined ? 'is no export of CVAT' : 'follows objects through a video, whose pictures it does not name';
      return { value: nothing, problems: [{ file, line: track?.line ?? root.line, message, remedy: FORM }] };
    }
    return readImages(root, file);
  });
}

function readImages(root: XmlElement, file: string): Checked<DeclaredBoxes> {
  const problems: Problem[] = [];
  const pictures: DeclaredPicture[] = [];
  for (const image of childrenOf(root, 'image')) {
    const boxes: DeclaredBox[] = [];
    for (const shape of image.children) {
      if (PASSED_OVER.includes(shape.name)) continue;
      const box = readShape(shape);
      if ('fault' in box) problems.push({ file, line: shape.line, message: box.fault, remedy: 'draw it as a box, or remove it' });
      else boxes.push(box);
      if (problems.length > MOST_PROBLEMS) break;
    }
    const [width, height] = [numberOf(image.attributes['width']), numberOf(image.attributes['height'])];
    const size = width > 0 && height > 0 ? { width, height } : null;
    const at = { file, line: image.line };
    const name = image.attributes['name'] ?? '';
    if (name === '') problems.push({ ...at, message: 'an <image> has no name', remedy: FORM });
    else pictures.push({ file: name, unit: 'pixels', size, boxes, at });
    if (problems.length > MOST_PROBLEMS) break;
  }
  return { value: { labels: labelsOf(root, pictures), pictures }, problems };
}

/** The labels of the task or project; a job's export may have none, and then those that occur, in the order of their names. */
function labelsOf(root: XmlElement, pictures: readonly DeclaredPicture[]): readonly string[] {
  const metas = childrenOf(root, 'meta').flatMap((meta) => meta.children);
  const declared = metas.flatMap((part) => childrenOf(part, 'labels')).flatMap((labels) => childrenOf(labels, 'label'));
  const names = declared.flatMap((label) => textAt(label, 'name') ?? []);
  const occurring = pictures.flatMap(({ boxes }) => boxes.map(({ label }) => label)).toSorted();
  return [...new Set([...names, ...occurring])];
}

function readShape({ name, attributes }: XmlElement): DeclaredBox | { fault: string } {
  const label = attributes['label'] ?? '';
  const corners = cornersOf(name, attributes);
  if (corners === undefined) return { fault: `a <${name}> encloses no part of the picture` };
  if (label === '') return { fault: `a <${name}> has no label` };
  if (numberOf(attributes['rotation'] ?? '0') !== 0) return { fault: `a box of ${JSON.stringify(label)} is rotated` };
  const fault = cornersFault(corners);
  return fault === undefined ? plainBox(label, corners) : { fault: `the <${name}> of ${JSON.stringify(label)} ${fault}` };
}

function cornersOf(shape: string, attributes: Readonly<Record<string, string>>) {
  const at = (name: string) => numberOf(attributes[name]);
  if (shape === 'box') return { x1: at('xtl'), y1: at('ytl'), x2: at('xbr'), y2: at('ybr') };
  if (shape === 'polygon') return boundsOf((attributes['points'] ?? '').split(/[,;]/).map((number) => numberOf(number)));
  if (shape === 'mask') return { x1: at('left'), y1: at('top'), x2: at('left') + at('width'), y2: at('top') + at('height') };
  return undefined;
}
