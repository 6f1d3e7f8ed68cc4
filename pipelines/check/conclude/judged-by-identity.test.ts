import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { memoryCheck } from '../../../testing/worlds/memory-check.ts';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import { judgedByIdentity } from './judged-by-identity.ts';

const { planned } = await memoryCheck({ base: 'better' });
const running = (...runtimes: string[]) =>
  runtimes.map((runtime, index) => ({ site: `${index}`, chipset: 'edge', release: releaseNamed('better', runtime) }));

describe('what is deployed already', () => {
  it('passes without a number: nothing was run', () => {
    expect(judgedByIdentity({ ...planned, deployed: running('runtime') })).toEqual({
      model: 'porch',
      outcome: 'pass',
      history: 'unchanged',
      candidate: releaseNamed('better'),
      baselines: [{ release: releaseNamed('better'), chipsets: ['edge'], commit: 'head' }],
      findings: [],
      latency: [],
      exhibits: [],
      sites: [],
      prediction: null,
      notes: ['The release is the one that is deployed: judged by identity, nothing was run.'],
      proposal: null,
      record: null,
    });
  });

  it('is not said to be deployed where nothing is', () => {
    const [note] = judgedByIdentity({ ...planned, deployed: [] }).notes;
    expect(note).toMatch(/nothing is deployed that is known here: nothing was run\. `fieldproof score` says how good it is/);
  });

  const other = `under another runtime (${digestOf('older')}), which it keeps: nothing was run.`;
  it.each([
    ['the same runtime', running('runtime', 'runtime'), /^The release is the one that is deployed/],
    ['another one at some sites', running('runtime', 'older', 'older'), `The model is the one that is deployed, ${other}`],
    ['two others', running('older', 'oldest'), new RegExp(`${digestOf('older')}, ${digestOf('oldest')}`)],
  ])('says which runtime it keeps: %s', (_, deployed, note) => {
    expect(judgedByIdentity({ ...planned, deployed }).notes).toEqual([
      expect.stringMatching(note instanceof RegExp ? note : RegExp.escape(note)),
    ]);
  });
});
