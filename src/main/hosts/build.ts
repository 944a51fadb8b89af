import { fileURLToPath } from 'node:url';

/** Paths of the parts of the built app. All chunks of the main process are directly in `out/main`. */
export interface BuildPaths {
  readonly renderer: string;
  readonly preload: string;
  readonly resources: string;
}

/** Returns the paths of the build that contains `mainFile`: the `import.meta.url` of a file in `out/main`. */
export function buildPaths(mainFile: string): BuildPaths {
  const at = (path: string) => fileURLToPath(new URL(path, mainFile));
  return { renderer: at('../renderer'), preload: at('../preload/index.cjs'), resources: at('../../resources') };
}
