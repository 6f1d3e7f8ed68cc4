import { describe, expect, it } from 'vitest';
import { fleetConfig, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { bench, openSmall, street } from '../../../testing/worlds/small-datasets.ts';
import { readConfig } from '../../../config/config.ts';
import { clipToReplay } from './clip-to-replay.ts';

const datasets = new Map([
  ['bench', openSmall(bench)],
  ['street', openSmall(street)],
]);

function chosen(verify: string, judgedOn = 'street') {
  const { models, deploy } = readConfig(memoryConfig(`${fleetConfig}${verify}`));
  const [model] = models;
  if (model === undefined || deploy === null) throw new Error('there is a model, and a fleet');
  const gates = model.gates.filter((gate) => gate.kind === 'quality' && gate.dataset === judgedOn);
  return clipToReplay({ ...model, gates }, deploy, { datasets });
}

const verify = (dataset: string, clip: string, more = '') => `  verify: { dataset: ${dataset}, clip: ${clip}${more} }\n`;

describe('the clip that a model is shown at its sites', () => {
  it('is the one that is named, with its tolerance', () => {
    expect(chosen(verify('street', '7.mp4', ', tolerance: 0.02'))).toMatchObject({
      clip: { id: '7.mp4' },
      dataset: street,
      tolerance: 0.02,
    });
  });

  it.each([
    ['none is named', '', 'street'],
    ['the model is not judged on its dataset', verify('street', '7.mp4'), 'bench'],
  ])('is none where %s', (_, text, judgedOn) => {
    expect(chosen(text, judgedOn)).toBeNull();
  });

  it.each([
    [
      'there is no such clip',
      verify('street', 'gone.mp4'),
      'deploy.verify.clip',
      'street has no clip gone.mp4',
      'name one of its clips, such as 0.mp4, 1.mp4, 2.mp4, 3.mp4, 4.mp4',
    ],
    [
      'the dataset holds pictures',
      verify('bench', '7.png'),
      'deploy.verify.dataset',
      'bench holds no clips',
      'name a dataset of clips',
    ],
  ])('is a problem of the configuration where %s', (_, text, field, message, remedy) => {
    expect(() => chosen(text, field.endsWith('dataset') ? 'bench' : 'street')).toThrow(
      expect.objectContaining({ problems: [{ file: 'fieldproof.yaml', field, message, remedy }] }),
    );
  });
});
