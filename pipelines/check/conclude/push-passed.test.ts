import { describe, expect, it } from 'vitest';
import { digestOf, silentProgress } from '#kernel';
import { fleetConfig, memoryCheck, memoryConfig, memoryPorts } from '../../../testing/worlds/memory-check.ts';
import { imageNamed, releaseNamed } from '../../../testing/worlds/named-releases.ts';
import type { ModelReport } from '#report';
import { model } from '../../../testing/reports/report-model.ts';
import { pushPassed } from './push-passed.ts';
import { reportOf } from './report-of.ts';

const { context } = await memoryCheck({ config: memoryConfig(fleetConfig) });
const onDisk = new Map(['better', 'runtime', 'clip'].map((word) => [digestOf(word), imageNamed(word)]));
const passed = (more: Partial<ModelReport> = {}) =>
  model({ outcome: 'pass', candidate: releaseNamed('better'), proposal: null, ...more });

/** What is pushed of a report, by name and digest, and what is said. */
async function push(...models: ModelReport[]) {
  const pushed: string[] = [];
  const { repository, images } = memoryPorts().ports;
  const said = await pushPassed(reportOf(context, models, []), {
    repository,
    images: {
      ...images,
      store: { find: async (digest) => [...onDisk].find(([known]) => known === digest)?.[1] },
      registry: { ...images.registry, push: async ({ digest }, name) => void pushed.push(`${name}@${digest}`) },
    },
    progress: silentProgress,
  });
  return { pushed, said };
}

const [ours, runtime] = [
  `registry.example/acme/porch@${digestOf('better')}`,
  `registry.example/acme/fieldproof-runtime@${digestOf('runtime')}`,
];

describe('images of what passed', () => {
  it.each<[string, ModelReport, readonly string[]]>([
    ['the model and its runtime', passed(), [ours, runtime]],
    ['the model alone, where it brings its own server', passed({ candidate: releaseNamed('better', null) }), [ours]],
    ['what is on this machine', passed({ candidate: releaseNamed('better', 'elsewhere') }), [ours]],
    ['nothing of a model that failed', passed({ outcome: 'fail' }), []],
    ['nothing of one that is undecided', passed({ outcome: 'inconclusive' }), []],
  ])('are pushed: %s', async (_, report, expected) => {
    expect(await push(report)).toEqual({ pushed: expected, said: '' });
  });

  it('are pushed with the clip that sites are shown', async () => {
    const clip = { image: 'registry.example/acme/clips', digest: digestOf('clip') };
    const proposal = { repository: 'fleet', branch: 'b', commit: 'c', clip };
    expect((await push(passed({ proposal }))).pushed).toEqual([ours, `${clip.image}@${clip.digest}`, runtime]);
  });

  it('go where the base says: of a model that it does not name, nothing is pushed, and that is said', async () => {
    expect(await push(passed({ model: 'door' }))).toEqual({
      pushed: [],
      said: 'not pushed  door: the base does not name its image. After the merge: fieldproof check --base main --head main --push\n',
    });
  });
});
