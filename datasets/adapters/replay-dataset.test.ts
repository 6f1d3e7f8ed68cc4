import { readFile, symlink, truncate } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Frame } from '../dataset.ts';
import { FileSampleSource } from './file-sample-source.ts';
import { pinDataset } from './pin-dataset.ts';
import { jpegOf, makeWorkplace, pinLines, problemsOf, writeGreyClip, type Workplace } from './repository.fixture.ts';

const manifest = (clips = 'street.jsonl', labels = '{ person: [person] }') => `version: 1
kind: replay
task: classification
classes: labels.txt
root: ../../data
clips: ${clips}
pins: street.sha256
labels: ${labels}
rule: { frames-per-second: 5, persistence: 2, merge-gap: 1s, tolerance: 500ms }
`;
const clip = (file: string, events: readonly object[] = [], more: object = {}) =>
  JSON.stringify({ file, site: 'lobby', events, ...more });

let place: Workplace;
beforeEach(async () => {
  place = await makeWorkplace();
  await place.write({ 'repository/datasets/labels.txt': 'nothing\nperson\ncar\ncrane\ncrane\n' });
});
afterEach(() => place.remove());

const load = () => new FileSampleSource().load(place.ref('datasets/street.yaml'));

async function writeClips(lines: readonly string[], labels?: string): Promise<void> {
  writeGreyClip(place.path('data/0001.mp4'));
  await place.write({
    'repository/datasets/street.yaml': manifest('street.jsonl', labels),
    'repository/datasets/street.jsonl': `${lines.join('\n')}\n`,
    'repository/datasets/street.sha256': pinLines({ '0001.mp4': await readFile(place.path('data/0001.mp4')) }),
  });
}

async function collect(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  return Array.fromAsync(frames);
}

describe('a replay dataset', () => {
  it('knows its clips, their events and the rule', async () => {
    await writeClips([clip('0001.mp4', [{ label: 'person', start: 0.5, end: 1.5 }], { conditions: { light: 'night' } })]);
    const open = await load();
    expect(open.dataset).toMatchObject({
      classes: ['nothing', 'person', 'car', 'crane', 'crane'],
      clips: [
        { id: '0001.mp4', site: 'lobby', conditions: { light: 'night' }, events: [{ label: 'person', start: 0.5, end: 1.5 }] },
      ],
      rule: { labels: { person: [1] }, framesPerSecond: 5, persistence: 2, mergeGap: 1, tolerance: 0.5 },
      cluster: 'clip',
    });
  });

  it('gives frames at the asked rate, and the length of the footage', async () => {
    await writeClips([clip('0001.mp4')]);
    const open = await load();
    if (open.dataset.medium !== 'clips') throw new Error('no clips');
    const [first] = open.dataset.clips;
    if (!first) throw new Error('no clip');
    const frames = await collect(open.frames(first, 5));
    expect(frames.map(({ timestamp }) => Math.round(timestamp * 1000))).toEqual([
      0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800,
    ]);
    expect(frames.every(({ width, height, pixels }) => width === 32 && height === 16 && pixels.length === 32 * 16 * 3)).toBe(
      true,
    );
    // Frame 18 of the clip was painted 20 + 18 * 4 = 92; h264 may be off by a little.
    expect(Math.abs((frames.at(-1)?.pixels[0] ?? 0) - 92)).toBeLessThanOrEqual(4);
    expect(await open.seconds(first)).toBe(2);
  });

  it('takes a folder of frames in natural order', async () => {
    const pictures = {
      'walk/10.jpg': await jpegOf(90, 90, 90),
      'walk/2.jpg': await jpegOf(60, 60, 60),
      'walk/1.jpg': await jpegOf(30, 30, 30),
    };
    await place.write({
      'repository/datasets/street.yaml': manifest(
        '[{ frames: walk, frames-per-second: 2, site: yard, events: [{ label: person, start: 0, end: 1.5 }] }]',
      ),
      'repository/datasets/street.sha256': pinLines(pictures),
      ...Object.fromEntries(Object.entries(pictures).map(([path, bytes]) => [`data/${path}`, bytes])),
    });
    const open = await load();
    if (open.dataset.medium !== 'clips') throw new Error('no clips');
    const [walk] = open.dataset.clips;
    if (!walk) throw new Error('no clip');
    const frames = await collect(open.frames(walk, 5));
    expect(frames.map(({ timestamp, pixels }) => [timestamp, pixels[0]])).toEqual([
      [0, 30],
      [0.5, 60],
      [1, 90],
    ]);
    expect(await open.seconds(walk)).toBe(1.5);
    await place.write({ 'data/walk/2.jpg': await jpegOf(61, 61, 61) });
    await expect(collect(open.frames(walk, 5))).rejects.toThrow('../data/walk/2.jpg: is not the pinned bytes');
  });

  it('lists every wrong event at once, with its line', async () => {
    await writeClips([
      clip('0001.mp4', [
        { label: 'perso', start: 0, end: 1 },
        { label: 'person', start: 1, end: 1 },
        { label: 'person', start: 0, end: 1 },
        { label: 'person', start: 0, end: 1 },
      ]),
      '{ "file": "0002.mp4", ',
      '{ "file": "0003.mp4", "site": "lobby" }',
      clip('0004.mp4', [{ label: 'person', start: -1, end: 1 }], { colour: 1 }),
      clip('0005.txt'),
    ]);
    const problems = await problemsOf(load());
    expect(problems).toEqual([
      expect.stringMatching(/^datasets\/street\.jsonl:2: not JSON: /),
      'datasets/street.jsonl:3: Invalid input: expected array, received undefined',
      'datasets/street.jsonl:4: Too small: expected number to be >=0',
      'datasets/street.jsonl:4: unknown field "colour"',
      'datasets/street.jsonl:1: 0001.mp4: event label "perso" is not in the manifest\'s labels',
      'datasets/street.jsonl:1: 0001.mp4: event "person" from 1 s to 1 s does not start before it ends',
      'datasets/street.jsonl:1: 0001.mp4: event "person" from 0 s to 1 s is listed twice',
      'datasets/street.jsonl:5: 0005.txt is not a kind of video that is read',
      'datasets/street.jsonl:5: 0005.txt is not there (below ../data)',
    ]);
  });

  it('refuses events after the end of the footage', async () => {
    await writeClips([clip('0001.mp4', [{ label: 'person', start: 1, end: 2.5 }])]);
    expect(await problemsOf(load())).toEqual([
      'datasets/street.jsonl:1: 0001.mp4: event "person" from 1 s to 2.5 s ends after the footage, which is 2 s long',
    ]);
  });

  const withRule = async (more: string) => {
    await writeClips([clip('0001.mp4')]);
    const text = manifest().replace('tolerance: 500ms }', `tolerance: 500ms, ${more} }`);
    await place.write({ 'repository/datasets/street.yaml': text });
  };

  it('has a least size and zones for boxes, where its rule says so, and another digest then', async () => {
    await writeClips([clip('0001.mp4')]);
    const plain = await load();
    await withRule('minimum-area: 0.01, zones: { lobby: [[[0, 0.5], [1, 0.5], [1, 1], [0, 1]]] }');
    const zoned = await load();
    expect(zoned.dataset).toMatchObject({
      rule: {
        minimumArea: 0.01,
        zones: {
          lobby: [
            [
              [0, 0.5],
              [1, 0.5],
              [1, 1],
              [0, 1],
            ],
          ],
        },
      },
    });
    expect(zoned.dataset.digest).not.toBe(plain.dataset.digest);
  });

  it.each([
    [
      'of a site that no clip is of',
      'zones: { loby: [[[0, 0], [1, 0], [1, 1]]] }',
      ['datasets/street.yaml:9: no clip is of this site'],
    ],
    ['of two corners', 'zones: { lobby: [[[0, 0], [1, 0]]] }', [expect.stringMatching(/^datasets.street.yaml:9: /)]],
    ['in pixels', 'zones: { lobby: [[[0, 0], [640, 0], [640, 480]]] }', expect.arrayContaining([expect.stringMatching(/:9: /)])],
  ])('refuses zones %s', async (_, more, problems) => {
    await withRule(more);
    expect(await problemsOf(load())).toEqual(problems);
  });

  it('refuses labels that name no class, or no single one', async () => {
    await writeClips([clip('0001.mp4')], '{ person: [man, 5, 1], machine: [crane], car: [car, 2] }');
    expect(await problemsOf(load())).toEqual([
      'datasets/street.yaml:8: unknown class "man"',
      'datasets/street.yaml:8: there is no class 5',
      'datasets/street.yaml:8: class "crane" is ambiguous: 3 and 4 both have this name',
      'datasets/street.yaml:8: names a class twice',
    ]);
  });

  it('refuses clips that lead out of the root, stand twice, or differ in case alone', async () => {
    await writeClips(
      ['../x.mp4', '/etc/x.mp4', 'a/../0001.mp4', '0001.mp4', '0001.mp4', '0001.MP4', 'link/s.mp4'].map((file) => clip(file)),
    );
    await symlink('/etc', place.path('data/link'));
    expect(await problemsOf(load())).toEqual([
      'datasets/street.jsonl:1: path "../x.mp4" leaves the folder',
      'datasets/street.jsonl:2: path "/etc/x.mp4" is absolute',
      'datasets/street.jsonl:3: path "a/../0001.mp4" leaves the folder',
      'datasets/street.jsonl:5: 0001.mp4 is listed twice',
      'datasets/street.jsonl:6: 0001.MP4 and 0001.mp4 differ in case alone',
      'datasets/street.jsonl:6: 0001.MP4 is not there (below ../data)',
      'datasets/street.jsonl:7: link/s.mp4 is a symbolic link that leads out of the root (below ../data)',
    ]);
  });

  it('says of a truncated clip that it is not the pinned one', async () => {
    await writeClips([clip('0001.mp4', [{ label: 'person', start: 0, end: 1 }])]);
    await truncate(place.path('data/0001.mp4'), 900);
    expect((await problemsOf(load()))[0]).toMatch(
      /^\.\.\/data\/0001\.mp4: is not the pinned bytes: found sha256:[0-9a-f]{64} \(900 bytes\); /,
    );
  });

  it('checks the pin of a clip before its first frame', async () => {
    await writeClips([clip('0001.mp4')]);
    const open = await load();
    if (open.dataset.medium !== 'clips') throw new Error('no clips');
    const [first] = open.dataset.clips;
    if (!first) throw new Error('no clip');
    writeGreyClip(place.path('data/0001.mp4'), { quality: 40 });
    await expect(collect(open.frames(first, 5))).rejects.toThrow('../data/0001.mp4: is not the pinned bytes');
    await pinDataset('datasets/street.yaml', place.path('repository'));
    const again = await load();
    expect(
      await collect(again.frames(again.dataset.medium === 'clips' ? (again.dataset.clips[0] ?? first) : first, 5)),
    ).toHaveLength(10);
  });
});
