import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const shown = 10;

export interface FileTime {
  readonly path: string;
  readonly ms: number;
}

/** The slowest of `files`, slowest first, one line each. Empty where there is only one. */
export function slowestLines(files: readonly FileTime[]): string[] {
  if (files.length < 2) return [];
  const slowest = files.toSorted((a, b) => b.ms - a.ms).slice(0, shown);
  return slowest.map(({ path, ms }) => `${(ms / 1_000).toFixed(1).padStart(7)} s  ${path}`);
}

/** Prints the slowest test files at the end of a run: their imports, hooks and tests. */
export default class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((module) => {
      const { collectDuration, setupDuration, duration } = module.diagnostic();
      return { path: relative(process.cwd(), module.moduleId), ms: collectDuration + setupDuration + duration };
    });
    const lines = slowestLines(files);
    if (lines.length > 0) console.log(`\nSlowest files\n${lines.join('\n')}`);
  }
}
