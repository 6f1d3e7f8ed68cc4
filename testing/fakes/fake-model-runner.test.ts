import { fakeModelRunner } from './fake-model-runner.ts';
import { describeModelRunner } from '../contracts/model-runner.contract.ts';
import { HERE, nowhere } from './somewhere.ts';

describeModelRunner('fake', async () => ({
  runner: fakeModelRunner(() => ({ classes: 3, score: ([first = 0]) => [first % 2, first % 3, first % 4] })),
  servable: async () => nowhere(),
  chipset: HERE,
}));
