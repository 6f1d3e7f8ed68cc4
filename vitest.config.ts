import { defineConfig } from 'vitest/config';

/** `make test-cluster` runs only these: each starts API servers and controllers, and takes minutes. */
const CLUSTER = '**/*.cluster.test.ts';
const onRig = process.env['FIELDPROOF_CLUSTER_TESTS'] === '1';

export default defineConfig({
  test: {
    include: [onRig ? CLUSTER : '**/*.test.ts'],
    exclude: ['node_modules/**', '.demo/**', '.fieldproof/**', ...(onRig ? [] : [CLUSTER])],
    clearMocks: true,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: more workers than that only make the latency tests noisy.
    maxWorkers: onRig ? 1 : 2,
  },
});
