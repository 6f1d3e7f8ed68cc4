import { digestOf, releaseOf } from '#kernel';
import { fakeModelRunner } from './fake-model-runner.ts';
import { describeModelRunner } from '../contracts/model-runner.contract.ts';

describeModelRunner('fake', async () => ({
  runner: fakeModelRunner(() => ({ classes: 3, score: ([first = 0]) => [first % 2, first % 3, first % 4] })),
  servable: async () => ({
    kind: 'model',
    release: releaseOf({ model: digestOf('model'), runtime: null }),
    folder: '/nowhere',
    runtimeImage: null,
  }),
  chipset: {
    name: 'here',
    platform: 'linux/amd64',
    at: { kind: 'local' },
    variant: null,
    requires: { cpu: [] },
    limits: { cpus: 1, memoryBytes: null },
  },
}));
