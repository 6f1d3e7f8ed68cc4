import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', '.demo/**', '.fieldproof/**'],
    clearMocks: true,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: more workers than that only make the latency tests noisy.
    maxWorkers: 2,
  },
});
