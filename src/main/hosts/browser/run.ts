import { failureText } from '#shared/failure.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import type { BuildPaths } from '../build.ts';
import { printError, printLine } from '../terminal.ts';
import { noDisplay } from './display.ts';
import { openPage } from './open-page.ts';
import { startBrowserHost } from './server.ts';
import { untilStopped, watchParent } from './until-stopped.ts';

export interface RunOptions {
  /** The port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Open a browser, where there is a display. */
  readonly open: boolean;
  readonly home: string;
  readonly paths: BuildPaths;
}

/**
 * Runs the browser host until the process is told to stop, then closes in order. Its first line of output is
 * `Wirebench is running at http://127.0.0.1:PORT/#token=…`. Gives the exit code: 1 where it could not start.
 */
export async function runBrowserHost({ port, open, home, paths }: RunOptions): Promise<number> {
  const parent = watchParent();
  const created = await createWorkbench({ home, resources: paths.resources });
  if (!created.ok) {
    printError(failureText(created.error));
    return 1;
  }
  const workbench = created.value;
  const started = await startBrowserHost({ workbench, home, renderer: paths.renderer, port });
  if (!started.ok) {
    printError(failureText(started.error));
    await workbench.close();
    return 1;
  }
  const host = started.value;
  const stopped = untilStopped(parent);
  printLine(`Wirebench is running at ${host.address}`);
  if (open && noDisplay() === undefined) {
    openPage(host.address, (reason) => printError(`No browser could be opened (${reason}). Open the address above.`));
  }
  await stopped;
  await host.close();
  await workbench.close();
  return 0;
}
