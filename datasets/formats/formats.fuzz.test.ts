import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forAll, readOrRefused, strangeTexts } from '../../testing/fuzz.ts';
import { readCoco } from './coco.ts';
import { readCsvPairs } from './csv-pairs.ts';
import { readCsvSearch } from './csv-search.ts';
import { readCvat } from './cvat.ts';
import type { DeclaredPicture } from './declared-boxes.ts';
import { readLabelStudio } from './label-studio.ts';
import { readLfwPairs } from './lfw-pairs.ts';
import { readMot, readMotSequence } from './mot.ts';
import { readClassDescriptions, readOpenImages } from './open-images.ts';
import { readPascalVoc } from './pascal-voc.ts';
import { readYoloData, yoloLabelFile } from './yolo-data.ts';
import { readYoloLabels } from './yolo-labels.ts';

/** What is read holds numbers, and boxes that begin before they end. */
const sound = (pictures: readonly (DeclaredPicture | null)[] = []) => {
  for (const picture of pictures) {
    for (const { x1, y1, x2, y2 } of picture?.boxes ?? []) {
      expect([x1, y1, x2, y2].every(Number.isFinite) && x2 >= x1 && y2 >= y1).toBe(true);
    }
  }
};

const json = strangeTexts(
  [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\n',
    'null',
    '1e999',
    '-0',
    '-1',
    '"__proto__"',
    '"counts"',
    '"bbox"',
    '"size"',
    '\\u0000',
    '\uFEFF',
    '9',
  ],
  '{"images":[{"id":0,"file_name":"a","width":2,"height":2}],"annotations":[{"image_id":0,"category_id":0,"bbox":[0,0,1,1],"iscrowd":1}],"categories":[{"id":0,"name":"a"}]}',
  '{"images":[{"id":"a","file_name":"a"}],"annotations":[{"image_id":"a","category_id":1,"segmentation":{"counts":"52207","size":[4,5]}},{"image_id":"a","category_id":1,"segmentation":[[1,2,3,4]]}],"categories":[{"id":1,"name":"a"}]}',
  '[{"data":{"image":"/data/local-files/?d=a.jpg"},"annotations":[{"result":[{"type":"rectanglelabels","value":{"x":1,"y":1,"width":1,"height":1,"rectanglelabels":["a"]}}]}]}]',
  '[{"image":"a%zz.jpg","label":[{"x":1,"y":1,"width":1,"height":1,"rectanglelabels":["a"]}]}]',
);
const xml = strangeTexts(
  [
    '<',
    '>',
    '/',
    '=',
    '"',
    '&',
    ';',
    '&#0;',
    '&lt;',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?',
    '?>',
    '<box',
    '<object>',
    'NaN',
    '-9',
    '\0',
    '<a>',
  ],
  '<annotation><filename>a</filename><object><name>a</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>',
  '<annotations><image name="a" width="2" height="2"><box label="a" xtl="0" ytl="0" xbr="1" ybr="1"/><polygon label="b" points="1,2;3,4"/><mask label="c" left="1" top="1" width="1" height="1"/></image></annotations>',
);
const lines = strangeTexts(
  [
    ' ',
    ',',
    '\t',
    '\n',
    '\r\n',
    '"',
    '0',
    '-1',
    '1e999',
    '.5',
    'NaN',
    '999999',
    '\0',
    '../',
    'Ann',
    '__proto__',
    'same',
    'query',
  ],
  '0 0.5 0.5 0.1 0.1\n1 .1 .1 .2 .2 .3 .3\n',
  '1,1,1,1,1,1,1,1,1\n',
  '[Sequence]\nimDir=img1\nseqLength=3\nimWidth=4\nimHeight=4\n',
  '2 1\nAnn 1 2\nAnn 1 Bob 3\nAnn 1 2\nAnn 1 Bob 3\n',
  'file_a,file_b,same,fold,identity_a,identity_b\na,b,1,0,x,x\n',
  'file,identity,role,light\na,x,query,n\nb,x,gallery,\n',
  'ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\na,/m/1,0.1,"0,2",0.1,0.2,1\n',
);
const yaml = strangeTexts(
  ['\n', ' ', '- ', ': ', '{', '}', '[', ']', '&a ', '*a', '../', '/', '"', '0', '__proto__'],
  'path: ../a\nval: images/val\nnames: [a, b]\n',
  'val: [a.txt, b]\nnames: {0: a, 1: b}\n',
);
const sequence = { folder: 'img1', ending: '.jpg', frames: 3, framesPerSecond: 1, size: { width: 4, height: 4 } };

describe('what a pull request says is true', () => {
  it('as JSON is read or refused', () =>
    forAll(json, (text) => {
      sound(readOrRefused(() => readCoco(text, 'a'))?.value.pictures);
      sound(readOrRefused(() => readLabelStudio(text, 'a'))?.value.pictures);
    }));

  it('as XML is read or refused', () =>
    forAll(xml, (text) => {
      sound([readOrRefused(() => readPascalVoc(text, 'a', { firstPixel: 'zero' }))?.value ?? null]);
      sound(readOrRefused(() => readCvat(text, 'a'))?.value.pictures);
    }));

  it('as lines is read or refused', () =>
    forAll(lines, (text) => {
      const boxes = readOrRefused(() => readYoloLabels(text, 'a', ['a', 'b']))?.value ?? [];
      sound([{ file: 'a', unit: 'shares', size: null, boxes, at: { file: 'a' } }]);
      sound(readOrRefused(() => readOpenImages(text, 'a', new Map()))?.value.pictures);
      sound(readOrRefused(() => readMot(text, 'a', sequence))?.value.pictures);
      for (const read of [readMotSequence, readLfwPairs, readCsvPairs, readCsvSearch, readClassDescriptions])
        readOrRefused(() => read(text, 'a'));
    }));

  it('as a data.yaml is read or refused', () =>
    forAll(yaml, (text) => {
      const read = readOrRefused(() => readYoloData(text, 'a', 'val'));
      for (const place of read?.value.places ?? []) expect(yoloLabelFile(posix.join(place, 'a.jpg'))).toMatch(/a\.txt$/);
    }));
});
