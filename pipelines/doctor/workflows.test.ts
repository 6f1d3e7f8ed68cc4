import { describe, expect, it } from 'vitest';
import { readWorkflow } from './workflows.ts';

const COMMIT = 'a'.repeat(40);
const written = (on: string, job: string) => ({
  path: '.github/workflows/x.yml',
  text: `on: ${on}
permissions: read-all
jobs:
  one:
    runs-on: ubuntu-24.04
${job}`,
});
const calling = `    steps:
      - uses: actions/checkout@${COMMIT} # v5.0.0
        with: { lfs: true }
      - uses: acme/fieldproof@${COMMIT}
        with: { command: deploy, fleet-token: "\${{ secrets.FLEET }}", base: main }
`;

describe('a workflow that calls Fieldproof', () => {
  it('is read as far as it matters whether it will work', () => {
    expect(readWorkflow(written('push', calling))).toEqual({
      file: '.github/workflows/x.yml',
      events: ['push'],
      pushed: null,
      jobs: [
        {
          name: 'one',
          command: 'deploy',
          action: `acme/fieldproof@${COMMIT}`,
          permissions: 'read-all',
          environment: null,
          secrets: { 'fleet-token': 'FLEET' },
          fetchesLfs: true,
          uses: [{ action: 'actions/checkout', version: '5.0.0' }],
        },
      ],
    });
  });

  it.each([
    ['one event', 'push', ['push'], null],
    ['several', '[push, merge_group]', ['push', 'merge_group'], null],
    [
      'pushes to some branches',
      '{ push: { branches: [main, next] }, schedule: [{ cron: "1 2 * * *" }] }',
      ['push', 'schedule'],
      ['main', 'next'],
    ],
    ['pushes of any kind', '{ push: }', ['push'], null],
  ])('answers %s', (_, on, events, pushed) => {
    expect(readWorkflow(written(on, calling))).toMatchObject({ events, pushed });
  });

  it.each([
    ['environment: field\n', 'field'],
    ['environment: { name: field, url: "https://field.example" }\n', 'field'],
    ['environment: "${{ matrix.where }}"\n', null],
  ])('runs in an environment: %s', (line, environment) => {
    expect(readWorkflow(written('push', `    ${line}${calling}`))).toMatchObject({ jobs: [{ environment }] });
  });

  it('checks where it names no command, and fetches what lies in LFS by hand', () => {
    const job = `    steps:\n      - run: git lfs fetch\n      - uses: ./fieldproof@x\n`;
    expect(readWorkflow(written('push', job))).toMatchObject({ jobs: [{ command: 'check', fetchesLfs: true, secrets: {} }] });
  });

  it.each([
    ['another trade', written('push', '    steps: [ { run: make } ]\n')],
    ['what GitHub cannot read either', { path: 'x.yml', text: 'on: [push\njobs: {' }],
  ])('is not %s', (_, file) => {
    expect(readWorkflow(file)).toBeNull();
  });
});
