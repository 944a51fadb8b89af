import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { builtWorkers } from './tests/support/built-workers.ts';
import { effort } from './tests/support/cases.ts';
import LongestFirst from './tests/support/longest-first.ts';
import { monacoStandIn } from './tests/support/monaco-stand-in.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

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

/** Threads and child programs start in a fraction of the time. */
const compileCache = { NODE_COMPILE_CACHE: path('tests/.artifacts/compile-cache') };

/** Files share a few processes: loading the modules again for each would take longer than the tests. */
const shared = {
  isolate: false,
  maxWorkers: 2,
  setupFiles: ['tests/support/test-setup.ts'],
  env: compileCache,
};

export default defineConfig({
  test: {
    fsModuleCache: true,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', './tests/support/slowest-files.ts'],
    projects: [
      project('unit', { ...shared, include: ['tests/unit/**/*.test.ts'], testTimeout: 30_000 * effort }),
      {
        ...project('components', {
          ...shared,
          include: ['tests/unit/**/*.test.tsx'],
          environment: 'happy-dom',
          setupFiles: ['tests/support/dom-setup.ts'],
          testTimeout: 30_000,
        }),
        plugins: [monacoStandIn],
      },
      {
        ...project('integration', {
          ...shared,
          // Some of them wait for a grace to pass, or for a peer: a third one works meanwhile.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000 * effort,
          hookTimeout: 60_000,
          globalSetup: ['tests/support/build-setup.ts', 'tests/support/build-children.ts'],
        }),
        plugins: [builtWorkers],
      },
      // A page waits much of the time: for a frame, for the engine, for a peer. So two of them share two cores well.
      project('e2e', {
        // Files share a browser and an app, as far as they need none of their own.
        isolate: false,
        environment: './tests/support/app-environment.ts',
        env: compileCache,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        maxWorkers: 2,
        sequence: { groupOrder: 2 },
        globalSetup: 'tests/support/build-setup.ts',
      }),
      // Attacks that take too long for each run: `npm run attack`. One after the other, as they measure.
      {
        ...project('attack', {
          ...shared,
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 120_000,
          globalSetup: ['tests/support/build-setup.ts', 'tests/support/build-children.ts'],
        }),
        plugins: [builtWorkers],
      },
      // Generated programs in compiled languages: `npm run compilers`. It needs the compilers, and the time that they take.
      {
        ...project('compilers', {
          ...shared,
          testTimeout: 120_000 * effort,
          globalSetup: ['tests/support/build-setup.ts', 'tests/support/build-children.ts'],
        }),
        plugins: [builtWorkers],
      },
    ],
  },
});
