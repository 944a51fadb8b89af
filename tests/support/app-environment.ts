import type { Environment } from 'vitest/runtime';

const key = Symbol.for('wirebench.tests.ends');
const kept = globalThis as { [key]?: (() => Promise<void>)[] };

/** Has `end` run when the last file of this process has run. The environment has separate modules, hence the global. */
export function atEndOfProcess(end: () => Promise<void>): void {
  kept[key] ??= [];
  kept[key].push(end);
}

/** The environment of the end-to-end tests: Node's, and the end of what the files of a process share. */
const environment: Environment = {
  name: 'app',
  viteEnvironment: 'ssr',
  setup: () => ({
    async teardown() {
      for (const end of kept[key] ?? []) await end();
    },
  }),
};
export default environment;
