import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import type { Checked } from '../declared.ts';
import { cornersFault, plainBox, type DeclaredBox, type DeclaredPicture } from './declared-boxes.ts';
import { childrenOf, numberOf, readXml, textAt, type XmlElement } from './xml-text.ts';

/** `one`: corners count pixels from 1 and the second one is inside, as in the challenge's own files. `zero`: as tools export them. */
export type FirstPixel = 'zero' | 'one';

/**
 * The boxes of one picture from a file of Pascal VOC's. What is `difficult` is not asked for, as in the challenge.
 * Source: http://host.robots.ox.ac.uk/pascal/VOC/voc2012/devkit_doc.pdf, section 3.4
 * @param picture the picture's path, where the file does not have to be believed
 */
export function readPascalVoc(text: string, file: string, options: { firstPixel: FirstPixel }): Checked<DeclaredPicture | null> {
  return readBounded(text, { file }, () => {
    const xml = readXml(text, file);
    if ('problem' in xml) return { value: null, problems: [xml.problem] };
    return readAnnotation(xml.root, file, options.firstPixel);
  });
}

function readAnnotation(root: XmlElement, file: string, firstPixel: FirstPixel): Checked<DeclaredPicture | null> {
  const name = textAt(root, 'filename');
  if (root.name !== 'annotation' || name === undefined || name === '') {
    const remedy = 'export it as Pascal VOC: <annotation> with a <filename>';
    return { value: null, problems: [{ file, line: root.line, message: 'is no annotation of a picture', remedy }] };
  }
  const problems: Problem[] = [];
  const boxes: DeclaredBox[] = [];
  for (const object of childrenOf(root, 'object')) {
    const box = readObject(object, firstPixel);
    if ('fault' in box)
      problems.push({ file, line: object.line, message: box.fault, remedy: 'correct the object, or remove it' });
    else boxes.push(box);
    if (problems.length > MOST_PROBLEMS) break;
  }
  const [width, height] = [numberOf(textAt(root, 'size', 'width')), numberOf(textAt(root, 'size', 'height'))];
  const size = width > 0 && height > 0 ? { width, height } : null;
  return { value: { file: name, unit: 'pixels', size, boxes, at: { file } }, problems };
}

function readObject(object: XmlElement, firstPixel: FirstPixel): DeclaredBox | { fault: string } {
  const label = textAt(object, 'name') ?? '';
  if (label === '') return { fault: 'an <object> has no <name>' };
  const at = (name: string) => numberOf(textAt(object, 'bndbox', name));
  const first = firstPixel === 'one' ? 1 : 0;
  const corners = { x1: at('xmin') - first, y1: at('ymin') - first, x2: at('xmax'), y2: at('ymax') };
  const fault = cornersFault(corners);
  if (fault !== undefined) return { fault: `the <bndbox> of ${JSON.stringify(label)} ${fault}` };
  return plainBox(label, corners, { ignore: textAt(object, 'difficult') === '1' });
}
