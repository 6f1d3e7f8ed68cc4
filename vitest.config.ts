import { defineConfig } from 'vitest/config';
import { gitAtRest } from './testing/git-at-rest.ts';

/** `make test-cluster` runs only these: each starts API servers and controllers, and takes minutes. */
const CLUSTER = '**/*.cluster.test.ts';
/** `make test-github-faults` runs only these: each fault at each call to GitHub, forgeries played through all jobs, what is killed, and many at once. */
const FAULTS = '**/*.faults.test.ts';

/** `make test-platforms` runs only these: the runtime made elsewhere, emulated processors, and what needs minutes in containers. */
const PLATFORMS = '**/*.platforms.test.ts';

/**
 * `make test-fast` leaves out what starts a process, listens on a port or opens a browser: rooms and names that are about that, and
 * the few tests elsewhere that ask Git or kubectl; and fuzzing.
 */
const SLOW = [
  '{action,cli,codehost,examples,ledger,runtime}/**/*.test.ts',
  '**/adapters/**/*.test.ts',
  '**/*.{browser,cluster,docker,faults,fuzz}.test.ts',
  'gitops/{kustomize,graph/kustomize-graph,landing/proposal}.test.ts',
  'pipelines/{deploy/{accept-record,deploy-waves,pull-requests,roll-back,tampered-ledger},check/plan/{find-untouched,gather-change}}.test.ts',
  'report/replay-page.test.ts',
];

const isFast = process.env['FIELDPROOF_FAST_TESTS'] === '1';

/** `make test-fuzz` runs only these, each with 100,000 inputs; the ordinary run gives them a few. */
const FUZZ = '**/*.fuzz.test.ts';

const apart = [
  { group: CLUSTER, asked: process.env['FIELDPROOF_CLUSTER_TESTS'] === '1' },
  { group: FAULTS, asked: process.env['FIELDPROOF_FAULT_TESTS'] === '1' },
  { group: PLATFORMS, asked: process.env['FIELDPROOF_PLATFORM_TESTS'] === '1' },
];
const fuzzed = process.env['FIELDPROOF_FUZZ_TESTS'] === '1' ? [FUZZ] : [];
const asked = [...apart.filter((one) => one.asked).map(({ group }) => group), ...fuzzed];
const others = apart.map(({ group }) => group).filter((group) => !asked.includes(group));

const ASIDE = ['node_modules/**', '.demo/**', '.demo-github/**', '.demo-graphs/**', '.fieldproof/**'];

const common = {
  clearMocks: true,
  env: gitAtRest,
  // They end what hangs. A machine that does twenty other things is slow, and that is no fault.
  testTimeout: fuzzed.length > 0 ? 2 * 60 * 60_000 : 10 * 60_000,
  hookTimeout: 10 * 60_000,
  // Two dozen programs of others on two cores: one of them may be late once, and the run says so.
  retry: asked.includes(CLUSTER) ? 1 : 0,
};
const startsNothing = {
  ...common,
  name: 'starts nothing',
  include: ['**/*.test.ts'],
  exclude: [...ASIDE, ...others, ...SLOW],
  // They share one process: starting one for each file takes longer than all of them.
  isolate: false,
};
const startsSomething = {
  ...common,
  name: 'starts something',
  include: asked.length > 0 ? asked : SLOW,
  exclude: [...ASIDE, ...others],
};
const projects = isFast ? [startsNothing] : asked.length > 0 ? [startsSomething] : [startsNothing, startsSomething];

export default defineConfig({
  test: {
    projects: projects.map((test) => ({ test })),
    // Two cores: more workers than that only make the latency tests noisy.
    maxWorkers: asked.includes(CLUSTER) ? 1 : 2,
  },
});
