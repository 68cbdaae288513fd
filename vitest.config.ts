import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{models,properties,harness,fixtures}/**/*.test.ts'],
    environment: 'node',
    // Measured on two cores: a process for each file, on both, was quicker than threads, and a crash takes only its own file along.
    pool: 'forks',
    maxWorkers: '100%',
    // Generous, since no test may depend on time: what runs into these hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

export default config;
