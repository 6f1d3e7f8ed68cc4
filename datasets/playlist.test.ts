import { describe, expect, it } from 'vitest';
import { readPlaylist } from './playlist.ts';

const read = (...lines: string[]) =>
  readPlaylist(['#EXTM3U', ...lines, ''].join('\n'), 'lobby/night.m3u8', { file: 'night.m3u8' });
const faultOf = (...lines: string[]) => read(...lines).problems.map(({ line, message }) => `${line}: ${message}`);

describe('a playlist', () => {
  it('lists files beside it and below, in its order', () => {
    const { value, problems } = read(
      '#EXT-X-TARGETDURATION:6',
      '#EXTINF:6,',
      '10.ts',
      '#EXTINF:5.2,',
      'more/2.ts',
      '#EXT-X-ENDLIST',
    );
    expect(problems).toEqual([]);
    expect(value).toEqual([
      { file: 'lobby/10.ts', header: null },
      { file: 'lobby/more/2.ts', header: null },
    ]);
  });

  it('puts a header before the fragments that follow it', () => {
    const { value } = read('#EXT-X-MAP:URI="a.mp4"', '1.m4s', '#EXT-X-MAP:URI="b.mp4"', '2.m4s');
    expect(value).toEqual([
      { file: 'lobby/1.m4s', header: 'lobby/a.mp4' },
      { file: 'lobby/2.m4s', header: 'lobby/b.mp4' },
    ]);
  });

  it('may be written on Windows', () => {
    expect(readPlaylist('\uFEFF#EXTM3U\r\n1.ts\r\n', 'a.m3u8', { file: 'a' }).value).toEqual([{ file: '1.ts', header: null }]);
  });
});

describe('a playlist that would have more opened than the files beside it is refused', () => {
  it.each([
    ['http://192.0.2.1/1.ts', '2: "http://192.0.2.1/1.ts" is an address, and only files are read'],
    ['file:///etc/shadow.ts', '2: "file:///etc/shadow.ts" is an address, and only files are read'],
    ['concat:1.ts|/etc/passwd.ts', '2: "concat:1.ts|/etc/passwd.ts" is an address, and only files are read'],
    ['subfile,,start,0,end,9,,:/etc/1.ts', '2: "subfile,,start,0,end,9,,:/etc/1.ts" is an address, and only files are read'],
    ['//192.0.2.1/1.ts', '2: "//192.0.2.1/1.ts" is absolute'],
    ['/etc/1.ts', '2: "/etc/1.ts" is absolute'],
    ['../yard/1.ts', '2: "../yard/1.ts" leaves the folder'],
    ['a\\..\\1.ts', '2: "a\\\\..\\\\1.ts" holds a backslash or a control character'],
    ['other.m3u8', '2: "other.m3u8" is not a kind of segment that is read'],
    ['passwd', '2: "passwd" is not a kind of segment that is read'],
    ['1.m4s', '2: "1.m4s" is a fragment, and no header (EXT-X-MAP) comes before it'],
    ['#EXT-X-MAP:URI="https://192.0.2.1/a.mp4"', '2: "https://192.0.2.1/a.mp4" is an address, and only files are read'],
    ['#EXT-X-MAP:URI="a.mp4",BYTERANGE="9@0"', '2: takes parts of files'],
    ['#EXT-X-MAP:BANDWIDTH=1', '2: names no file'],
    ['#EXT-X-BYTERANGE:9@0', '2: takes parts of files'],
    ['#EXT-X-KEY:METHOD=AES-128,URI="http://192.0.2.1/key"', '2: is encrypted'],
    ['#EXT-X-STREAM-INF:BANDWIDTH=1', '2: lists other playlists: name one of them as the clip'],
    ['#EXTINF:1,', '1: lists no segments'],
  ])('%s', (line, fault) => {
    expect(faultOf(line)).toEqual([fault]);
  });

  it('a file that calls itself one and is none', () => {
    expect(readPlaylist('ffconcat version 1.0\nfile /etc/passwd', 'a.m3u8', { file: 'a' }).problems).toMatchObject([
      { line: 1, message: 'is no playlist: it does not begin with #EXTM3U' },
    ]);
  });

  it('a header whose name would part the list of what is joined', () => {
    expect(faultOf('#EXT-X-MAP:URI="a|b.mp4"', '1.m4s')).toEqual(['3: "1.m4s" holds a |']);
  });
});
