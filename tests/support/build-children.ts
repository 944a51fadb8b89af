import { join } from 'node:path';
import { build } from 'vite';
import { root } from './build-setup.ts';
import { builtWorkers } from './built-workers.ts';

const folder = join(root, 'tests/.artifacts/children');
const names = ['descriptors-child', 'journal-child', 'recording-child', 'saving-child', 'workspace-child'] as const;

/** The path of a program of tests/support that integration tests start, as `setup` has bundled it. */
export function childProgram(name: (typeof names)[number]): string {
  return join(folder, `${name}.js`);
}

/** Vitest's global setup of the integration tests: bundles the programs that they start many times. */
export default async function setup(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [builtWorkers],
    build: {
      ssr: true,
      target: 'node24',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { input: names.map((name) => join(root, 'tests/support', `${name}.ts`)) },
    },
  });
}
