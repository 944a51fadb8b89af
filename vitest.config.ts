import { defineConfig } from 'vitest/config';

const project = (name: string, extra: object = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    environment: 'node' as const,
    // What is waited for comes at once, but for a machine that is busy with something else.
    expect: { poll: { timeout: 20_000, interval: 20 } },
    ...extra,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', { testTimeout: 30_000 }),
      project('integration', { testTimeout: 60_000, hookTimeout: 60_000 }),
      // One browser at a time: a page that must share two cores with another is slow, not wrong.
      project('e2e', {
        testTimeout: 120_000,
        hookTimeout: 120_000,
        fileParallelism: false,
        globalSetup: 'tests/support/build-setup.ts',
      }),
    ],
  },
});
