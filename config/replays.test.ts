import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { problemsOf } from './problems.fixture.ts';

const good = `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  street: { manifest: datasets/street.yaml }
  field: { manifest: datasets/field.yaml }
chipsets:
  edge-box: { platform: linux/amd64 }
gates:
  porch:
    - { dataset: street, metric: event-recall, margin: 5% }
    - { dataset: street, metric: false-alarms-per-hour, margin: 2 }
deploy:
  controller: flux
  repository: ../fleet.git
  sites: [{ name: lobby, chipset: edge-box }, { name: cloud, chipset: edge-box }]
replays:
  porch:
    source: s3://cameras/porch
    dataset: street
    sites: [lobby, { name: yard, served-by: cloud }]
    sampling: { labelled-per-site-per-night: 5 }
    alarms: { false-alarm-rate: 1%, recall: { expected: 90%, tolerated-loss: 2% } }
    harvest: { folder: labels/porch/, dataset: field }
`;

describe('replays in fieldproof.yaml', () => {
  it('are resolved with every default filled in', () => {
    expect(readConfig(good).replays).toEqual([
      {
        model: 'porch',
        source: 's3://cameras/porch',
        endpoint: null,
        region: null,
        dataset: 'street',
        sites: [
          { name: 'lobby', servedBy: 'lobby' },
          { name: 'yard', servedBy: 'cloud' },
        ],
        sampling: { perSite: 5, seed: 1 },
        alarms: { falseAlarmRate: 0.01, referenceNights: 14, quietNights: 3, recallBound: 0.88 },
        harvest: {
          folder: 'labels/porch',
          dataset: 'field',
          perSite: 4,
          perClass: 8,
          unsureWithin: 0.1,
          labels: ['fieldproof', 'labelling'],
        },
        shadow: 2,
        issueLabels: ['fieldproof'],
      },
    ]);
  });

  it.each([
    ['of no model', 'replays:\n  porch:', 'replays:\n  patio:', /no model is named patio/, 'porch'],
    ['of no dataset', 'dataset: street\n    sites', 'dataset: streat\n    sites', /no dataset is named streat/, 'street'],
    ['a site that nothing is deployed to', 'sites: [lobby, {', 'sites: [loby, {', /no site of deploy is named loby/, 'served-by'],
    ['a site twice', '{ name: yard,', '{ name: lobby,', /lobby is listed twice/, 'remove'],
    [
      'harvest for a dataset that judges',
      'dataset: field }',
      'dataset: street }',
      /must not learn from what it judged/,
      'a dataset of its own',
    ],
    [
      'harvest for the same manifest under another name',
      'manifest: datasets/field.yaml',
      'manifest: datasets/street.yaml',
      /must not learn/,
      'a dataset of its own',
    ],
    [
      'recall without a sample',
      'sampling: { labelled-per-site-per-night: 5 }',
      'sampling: {}',
      /random, labelled sample only/,
      'labelled-per-site-per-night',
    ],
    ['a sample that goes nowhere', /\n {4}harvest:.*/, '', /nothing says where they go/, 'harvest'],
    ['a rate of everything', 'false-alarm-rate: 1%', 'false-alarm-rate: 100%', /less than 100%/, 'docs/schemas'],
    ['a field that there is not', 'folder: labels/porch/,', 'foldr: labels/porch/,', /unknown field "foldr"/, 'spelling'],
    ['a folder outside the repository', 'labels/porch/', '../labels', /inside the repository/, 'docs/schemas'],
  ] as const)('refuse %s', (_, from, to, message, remedy) => {
    const problems = problemsOf(good.replace(from, to));
    const found = problems.find((problem) => message.test(problem.message));
    expect(found).toMatchObject({ file: 'fieldproof.yaml', line: expect.any(Number), field: expect.stringContaining('replays') });
    expect(found?.remedy).toContain(remedy);
  });

  it('need a fleet, for nothing else says what is deployed', () => {
    expect(problemsOf(good.replace(/deploy:[^]*?(?=replays)/, ''))).toMatchObject([
      { field: 'replays.porch', message: expect.stringContaining('no `deploy`') },
    ]);
  });
});
