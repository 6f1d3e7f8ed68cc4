import * as fc from 'fast-check';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forAll, readOrRefused, strangeTexts } from '../testing/fuzz.ts';
import { classesOf, readClassNames } from './classes.ts';
import { readClipLines } from './clip-list.ts';
import { readCsvSamples } from './csv-samples.ts';
import { parseManifest } from './manifest.ts';
import { isPicture } from './picture-kind.ts';
import { readPins } from './pins.ts';
import { readPlaylist } from './playlist.ts';
import { pathFault } from './safe-path.ts';

const classes = classesOf(['red', 'green', '__proto__', 'constructor']);
const csv = strangeTexts(
  [
    'file',
    'class',
    'class_index',
    ',',
    '\n',
    '\r\n',
    '"',
    '""',
    '\uFEFF',
    '../',
    'red',
    '0',
    '99',
    '-1',
    '__proto__',
    'constructor',
    ' ',
    '\0',
  ],
  'file,class,light\na.png,red,night\nb/c.png,green,\n',
  'file,class_index\n"a,b.png",0\n',
);
const clips = strangeTexts(
  ['{', '}', '[', ']', '"', ':', ',', '\n', '"file"', '"frames"', '"__proto__"', '1e999', '-0', 'null', '\\u0000', '../', 'site'],
  '{"file":"a.mp4","site":"x","events":[{"label":"a","start":0,"end":1}]}\n',
  '{"frames":"a","frames-per-second":5,"site":"x","conditions":{"light":"night"},"events":[]}\n',
);
const playlists = strangeTexts(
  [
    '#EXTM3U',
    '\n',
    '\r\n',
    '#EXT-X-MAP:URI="',
    '"',
    '#EXT-X-KEY:METHOD=',
    '../',
    '/',
    'http:',
    '|',
    '.ts',
    '.m4s',
    '\\',
    '\0',
    ',',
  ],
  '#EXTM3U\n#EXT-X-MAP:URI="a.mp4"\n#EXTINF:6,\n1.m4s\n#EXTINF:6,\nb/2.ts\n#EXT-X-ENDLIST\n',
);
const hex = '0'.repeat(64);
const pins = strangeTexts(
  [hex, '  ', ' *', '\n', '\r\n', '../', '/', 'a', '\0', '\\', 'é', 'E\u0301'],
  `${hex}  a/b.png\n${hex} *c\n`,
);
const manifests = strangeTexts(
  [
    '\n',
    ' ',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '!!binary ',
    '<<: ',
    '? ',
    '| ',
    '> ',
    '#',
    '"',
    "'",
    '../',
    '/',
    '---',
    '...',
    '%YAML 9',
    '\t',
    '\0',
    '__proto__',
  ],
  'version: 1\nkind: research\ntask: classification\nclasses: [red]\nroot: a\nsamples: { csv: a.csv, folder: b }\npins: a.sha256\n',
  'version: 1\nkind: replay\ntask: classification\nclasses: a.txt\nroot: a\npins: b\nclips: [{ file: a.mp4, site: s, events: [] }]\nlabels: { a: [red] }\nrule: { frames-per-second: 1, persistence: 1, merge-gap: 1s, tolerance: 1s }\n',
);

describe('what a pull request lists', () => {
  it('as CSV is read or refused', () =>
    forAll(csv, (text) => {
      const read = readOrRefused(() => readCsvSamples(text, 'a.csv', classes, ''));
      for (const { truth } of read?.value ?? []) expect(classes.names[truth]).toBeDefined();
    }));

  it('as clips is read or refused', () => forAll(clips, (text) => void readOrRefused(() => readClipLines(text, 'a.jsonl'))));

  it('as a playlist is read or refused, and lists nothing outside its folder', () =>
    forAll(playlists, (text) => {
      const read = readOrRefused(() => readPlaylist(text, 'night/a.m3u8', { file: 'a.m3u8' }));
      for (const { file, header } of read?.value ?? [])
        for (const path of header === null ? [file] : [file, header]) {
          expect(posix.join('/data', path).startsWith('/data/night/')).toBe(true);
          expect(path).not.toMatch(/^[^/]*:/);
        }
    }));

  it('as pins is read or refused, and pins nothing outside', () =>
    forAll(pins, (text) => {
      const read = readOrRefused(() => readPins(text, 'a.sha256'));
      for (const file of read?.value.keys() ?? []) expect(posix.join('/data', file).startsWith('/data/')).toBe(true);
    }));

  it('as class names is read or refused', () =>
    forAll(csv, (text) => void readOrRefused(() => readClassNames(text, { file: 'a.txt' }))));

  it('as a manifest is read or refused', () =>
    forAll(manifests, (text) => void readOrRefused(() => parseManifest(text, 'a.yaml'))));
});

const steps = fc.array(
  fc.constantFrom('..', '.', '', 'a', '~', '%2e%2e', '．．', '\u2025', '..\0', 'C:', '\\..', '\n', 'a..', '...'),
  { maxLength: 8 },
);

describe('a path', () => {
  it('that has no fault leads below the folder, and is written in its one form', () =>
    forAll(steps, (parts) => {
      const path = parts.join('/');
      if (pathFault(path) !== undefined) return;
      expect(posix.join('/data', path)).toBe(`/data/${path}`);
    }));
});

describe('the first bytes of a picture', () => {
  it('say its kind, or none; a text is none', () =>
    forAll(fc.uint8Array({ maxLength: 16 }), (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      expect(isPicture(bytes)).toBe(/^(\u00ff\u00d8\u00ff|\u0089PNG|GIF8|II\*\0|MM\0\*|.{8}WEBP|.{4}ftyp|BM|P[56])/s.test(text));
    }));
});
