import { fileURLToPath } from 'node:url';

/** Where the built app finds its parts. Every chunk of the main process lies flat in `out/main`. */
export interface BuildPaths {
  readonly renderer: string;
  readonly preload: string;
  readonly resources: string;
}

/** The parts beside the file that calls this, which must be one of `out/main`: pass its `import.meta.url`. */
export function buildPaths(mainFile: string): BuildPaths {
  const at = (path: string) => fileURLToPath(new URL(path, mainFile));
  return { renderer: at('../renderer'), preload: at('../preload/index.cjs'), resources: at('../../resources') };
}
