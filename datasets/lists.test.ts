import { assert as assertProperty, property, stringMatching, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesOf, readClassNames } from './classes.ts';
import { readCsvSamples } from './csv-samples.ts';
import { formatPins, readPins } from './pins.ts';
import { pathFault } from './safe-path.ts';
import { sliceValue, slicesOf } from './slices.ts';

const classes = classesOf(['nothing', 'person']);
const messages = (text: string) =>
  readCsvSamples(text, 'truth.csv', classes, '').problems.map(({ line, message }) => `${line}: ${message}`);

describe('a CSV of samples', () => {
  it('keeps commas, quotes and line breaks inside quotes, and the byte order mark out', () => {
    const { value, problems } = readCsvSamples(
      '\uFEFFfile,class,scene\r\n"a, ""b"".jpg",person,"x\ny"\r\nc.jpg,nothing,z\r\n',
      't.csv',
      classes,
      '',
    );
    expect(problems).toEqual([]);
    expect(value.map(({ file, slices }) => [file, slices])).toEqual([
      ['a, "b".jpg', { scene: 'x\ny' }],
      ['c.jpg', { scene: 'z' }],
    ]);
  });

  it.each([
    ['', 'undefined: is empty'],
    ['file,class\n', 'undefined: holds no samples'],
    ['image,class\na.jpg,person\n', '1: there is no column `file`'],
    ['file,label\na.jpg,person\n', '1: there is no column `class` or `class_index`'],
    ['file,class,class_index\na.jpg,person,1\n', '1: has both `class` and `class_index`'],
    ['file,class,light,light\na.jpg,person,1,2\n', '1: column "light" stands twice'],
    ['file,class,a b\na.jpg,person,1\n', '1: column "a b" cannot name a slice'],
    ['file,class_index\na.jpg,2\n', '2: there is no class 2'],
    ['file,class_index\na.jpg,-1\n', '2: "-1" is not a class index'],
    [
      'file,class\na.jpg,person\n"b.jpg,nothing\n',
      '3: not CSV: Quote Not Closed: the parsing is finished with an opening quote at line 3',
    ],
  ])('that reads %j is refused', (text, message) => {
    expect(messages(text)).toEqual([message]);
  });
});

describe('class names', () => {
  it('may not be blank', () => {
    expect(readClassNames('a\n\nb\n', { file: 'labels.txt' }).problems).toMatchObject([
      { line: 2, message: 'is blank, but every line names a class' },
    ]);
    expect(readClassNames('', { file: 'labels.txt' }).problems).toMatchObject([{ message: 'holds no class names' }]);
  });
});

describe('pins', () => {
  const hex = 'a'.repeat(64);

  it('are read as they were written', () => {
    const path = stringMatching(/^[a-zA-Z0-9 ._é-]{1,9}(\/[a-zA-Z0-9 _é-]{1,9}){0,2}$/).filter(
      (text) => pathFault(text) === undefined,
    );
    assertProperty(
      property(uniqueArray(path), (paths) => {
        const pins = new Map(paths.map((each) => [each, `sha256:${hex}` as const]));
        const { value, problems } = readPins(formatPins(pins), 'x.sha256');
        expect(problems).toEqual([]);
        expect([...value.keys()].toSorted()).toEqual(paths.toSorted());
      }),
    );
  });

  it('that are malformed, hostile or doubled are refused with their line', () => {
    const { problems } = readPins(`${hex}  a.jpg\nnonsense\n${hex}  ../b.jpg\n${hex} *a.jpg\n`, 'x.sha256');
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '2: is not "<sha256>  <path>"',
      '3: path "../b.jpg" leaves the folder',
      '4: a.jpg is pinned twice',
    ]);
  });
});

describe('a path', () => {
  it.each(['', '/etc/passwd', 'C:/x', '..', 'a/../b', './a', 'a//b', 'a/', 'a\\b', 'a\nb', 'a\u0000b', 'x'.repeat(1025)])(
    'like %j is not followed',
    (path) => {
      expect(pathFault(path)).toBeDefined();
    },
  );

  it.each(['a', 'a/b.jpg', 'a..b/c', '...', 'ä ö/ü.mp4'])('like %j is', (path) => {
    expect(pathFault(path)).toBeUndefined();
  });
});

describe('slices', () => {
  const clip = {
    id: 'a',
    media: { kind: 'video', pin: 'sha256:0' },
    site: 'lobby',
    conditions: { light: 'night' },
    events: [],
  } as const;

  it('of a clip are its site and conditions', () => {
    expect(slicesOf(clip)).toEqual({ site: 'lobby', light: 'night' });
    expect([sliceValue(clip, 'site'), sliceValue(clip, 'rain'), sliceValue(clip, 'constructor')]).toEqual([
      'lobby',
      undefined,
      undefined,
    ]);
  });

  it('of a sample are its further columns', () => {
    expect(sliceValue({ id: 'a', pin: 'sha256:0', truth: 0, slices: { light: 'day' } }, 'light')).toBe('day');
  });
});
