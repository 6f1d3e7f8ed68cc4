import { describe, expect, it, vi } from 'vitest';
import { digestOf, releaseId } from '#kernel';
import type { ImagePorts } from '#pipelines/releases';
import { MemoryFleet } from '../../../testing/fakes/memory-fleet.ts';
import {
  deploy,
  fleetConfig,
  memoryCheck,
  memoryConfig,
  memoryPorts,
  type MemoryCheck,
  type MemoryCheckOptions,
} from '../../../testing/worlds/memory-check.ts';
import { releaseNamed } from '../../../testing/worlds/named-releases.ts';
import { isIdentical } from './plan-model-change.ts';

const config = memoryConfig(fleetConfig);

/** A check beside a fleet that runs a model, by a word; null: it runs nothing yet. */
async function besideFleet(word: string | null, more: MemoryCheckOptions = {}) {
  const fleet = new MemoryFleet();
  const commit = word === null ? null : await deploy(fleet, more.config ?? config, word);
  return { commit, ...(await memoryCheck({ config, ...more, ports: { openFleet: () => fleet, ...more.ports } })) };
}

const referencesOf = ({ planned }: MemoryCheck) =>
  planned.references.map(({ role, resolved }) => [role, resolved.release] as const);

const runningAt = (word: string, runtime = 'runtime') =>
  ['lobby', 'garden'].map((site) => ({ site, chipset: 'edge', release: releaseNamed(word, runtime) }));

describe('a change of a model, planned', () => {
  it.each([
    ['is compared with what the fleet runs, and not with the base', 'old', 'worse', 'change', ['old']],
    ['is nothing new where the fleet runs it', 'better', 'old', 'unchanged', ['better']],
    ['is a first release where the fleet runs nothing', null, 'old', 'first', []],
  ] as const)('%s', async (_, deployed, base, history, words) => {
    const check = await besideFleet(deployed, { base });
    expect(check.planned.plan.history).toBe(history);
    expect(referencesOf(check)).toEqual(words.map((word) => ['baseline', releaseNamed(word)]));
    expect(check.planned.fleetCommit).toBe(check.commit);
  });

  it.each([
    ['is compared with the base where there is no fleet', 'old', 'change', ['old']],
    ['is nothing new where the base has it', 'better', 'unchanged', ['better']],
    ['is a first release where the base has no model', null, 'first', []],
  ] as const)('%s', async (_, base, history, words) => {
    const check = await memoryCheck({ base });
    expect(check.planned.plan.history).toBe(history);
    expect(referencesOf(check)).toEqual(words.map((word) => ['baseline', releaseNamed(word)]));
  });

  it.each([
    ['unchanged', 'better', true, true],
    ['unchanged, while the gate audits itself', 'better', false, false],
    ['changed', 'old', true, false],
  ] as const)('may be judged by identity, or not: %s', async (_, base, identity, expected) => {
    const { planned } = await memoryCheck({ base });
    expect(isIdentical(planned, { identity })).toBe(expected);
  });

  it('is compared under the runtime that is here, and says so', async () => {
    const state = {
      model: 'porch',
      commit: null,
      deployed: runningAt('old', 'an older runtime'),
      superior: null,
    };
    const check = await memoryCheck({ config, ports: { deployedStates: [state] } });
    expect(referencesOf(check)).toEqual([['baseline', releaseNamed('old')]]);
    expect(check.planned.notes).toEqual([
      `The fleet runs another runtime (${digestOf('an older runtime')}); the deployed model was measured as served by ${digestOf('runtime')}.`,
    ]);
  });

  it.each([
    ['the pinned one', `, anchor: ${digestOf('old')}`, 'slow', ['baseline slow', 'anchor old']],
    ['else the last that was better beyond doubt', '', 'old', ['baseline slow', 'anchor old']],
    ['none that is deployed', '', 'slow', ['baseline slow']],
    ['none that is the candidate', '', 'better', ['baseline slow']],
  ])('is compared with an anchor too: %s', async (_, pinned, superior, expected) => {
    const state = { model: 'porch', commit: null, deployed: runningAt('slow'), superior: releaseNamed(superior) };
    const pinnedConfig = config.replace('task: classification }', `task: classification${pinned} }`);
    const check = await memoryCheck({ config: pinnedConfig, base: 'slow', ports: { deployedStates: [state] } });
    const words = new Map(['slow', 'old'].map((word) => [releaseId(releaseNamed(word)), word]));
    expect(referencesOf(check).map(([role, release]) => `${role} ${words.get(releaseId(release))}`)).toEqual(expected);
  });

  it('cannot be judged where what is deployed is nowhere to be found', async () => {
    const state = { model: 'porch', commit: null, deployed: runningAt('gone'), superior: null };
    await expect(memoryCheck({ config, ports: { deployedStates: [state] } })).rejects.toThrow(
      /the deployed release \S+ of porch is neither on this machine, nor built from the last 50 changes/,
    );
  });

  it('reports a clip that there is not before anything is built', async () => {
    const text = memoryConfig(`${fleetConfig}  verify: { dataset: street, clip: gone.mp4 }\n`);
    const build = vi.fn<ImagePorts['build']>();
    const images = { ...memoryPorts().ports.images, build };
    await expect(memoryCheck({ config: text, ports: { images } })).rejects.toThrow(/street has no clip gone\.mp4/);
    expect(build).not.toHaveBeenCalled();
  });
});
