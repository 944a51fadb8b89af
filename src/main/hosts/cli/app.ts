import { homeFolder } from '#workbench/home.ts';
import { runBrowserHost } from '../browser/run.ts';
import { buildPaths } from '../build.ts';

/** Runs `wirebench app`: the browser host of the build. Returns the exit code. */
export function app(options: { readonly port: number; readonly open: boolean }): Promise<number> {
  return runBrowserHost({ ...options, home: homeFolder(), paths: buildPaths(import.meta.url) });
}
