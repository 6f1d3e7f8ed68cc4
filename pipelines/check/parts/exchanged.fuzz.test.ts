import { describe, expect, it } from 'vitest';
import { CouldNotRun, digestOf, plainText } from '#kernel';
import { forAll, jsonWords, strangeTexts } from '../../../testing/fuzz.ts';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import { deployedStateFileSchema, imageBundleSchema, parseExchanged } from './image-bundle.ts';
import type { Part } from './part.ts';
import { takeParts } from './take-parts.ts';

const [base, head] = ['b'.repeat(40), 'c'.repeat(40)];
const asked = { change: { base, head, policy: base, config: { chipsets: [{ name: 'edge' }] } }, seed: 1 };
const [candidate, digest] = [releaseNamed('a'), digestOf('a')];
const part: Part = {
  version: 2,
  base,
  head,
  policy: base,
  seed: 1,
  round: 'research',
  runner: { name: 'process', sandboxed: false },
  present: [{ name: 'edge', key: { cpuModel: 'one', cpuFlags: [], cores: 2, governor: null, provider: 'cpu', threads: 1 } }],
  absent: [{ name: 'cloud', missing: ['a GPU'] }],
  models: [
    {
      model: 'tiny',
      candidate,
      answers: [
        {
          task: 'classification',
          key: { release: candidate, variant: 'default', dataset: digest, chipsetKey: digest, threshold: null, taskVersion: 1 },
          labels: ['red', 'green'],
          manner: null,
          reused: 0,
          answers: [],
        },
      ],
      speeds: [
        {
          chipset: 'edge',
          reference: null,
          attempts: [[{ start: 0, pair: 0, arm: 'candidate', milliseconds: [1, 2.5] }]],
        },
      ],
      peaks: [{ chipset: 'edge', bytes: 1000 }],
    },
  ],
};
const state = { model: 'tiny', commit: null, deployed: [{ site: 'a', chipset: 'edge', release: candidate }], superior: null };
const images = {
  base,
  head,
  runtimes: { 'linux/amd64': digest },
  built: [{ model: 'tiny', tree: head, digest }],
  images: [digest],
};
const keys = ['"models"', '"answers"', '"score"', '"present"', '"name":"edge"', '"seed":1', '"round"', '"replay"', '"stopped"'];
const words = [...jsonWords, ...keys, '"milliseconds"', 'sha256:', '../'];
const parts = strangeTexts(words, JSON.stringify(part));
const bundles = strangeTexts(
  words,
  JSON.stringify({ version: 2, ...images, deployed: [state] }),
  JSON.stringify({ version: 2, deployed: [state] }),
);

/** Words that a log and a page can show, and no more than are read. */
const areWords = (reasons: readonly string[]) => reasons.every((reason) => reason.length < 5000 && plainText(reason) === reason);

/** Why it is refused; null where it is read. */
function refusalOf(schema: typeof imageBundleSchema | typeof deployedStateFileSchema, text: string): readonly string[] | null {
  try {
    parseExchanged(schema, text, 'images.json');
    return null;
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return thrown.problems.map(({ message }) => message);
  }
}

describe('what a job leaves that ran beside a stranger’s container', () => {
  it('as a part is taken as a whole, or refused in words', () => {
    let taken = 0;
    forAll(parts, (text) => {
      const read = takeParts([{ name: 'a', text }], asked);
      expect(read.parts.length + read.refused.length).toBe(1);
      expect(areWords(read.refused.map(({ reason }) => reason))).toBe(true);
      taken += read.parts.length;
    });
    expect(taken).toBeGreaterThan(0);
  });

  it('as images.json, or as what is deployed, is read or refused in words', () => {
    let taken = 0;
    forAll(bundles, (text) => {
      const refusals = [imageBundleSchema, deployedStateFileSchema].map((schema) => refusalOf(schema, text));
      expect(areWords(refusals.flatMap((reasons) => reasons ?? []))).toBe(true);
      taken += refusals.includes(null) ? 1 : 0;
    });
    expect(taken).toBeGreaterThan(0);
  });
});
