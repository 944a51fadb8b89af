import { fileFailure } from '#session/format/failures.ts';
import { failureText } from '#shared/failure.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import type { BuildPaths } from '../build.ts';
import { recordingNotices } from '../recording-notices.ts';
import { printError, printLine } from '../terminal.ts';
import { noDisplay } from './display.ts';
import { openPage } from './open-page.ts';
import { startBrowserHost } from './server.ts';
import { untilStopped, watchParent } from './until-stopped.ts';

export interface RunOptions {
  /** The port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Opens a browser if there is a display. */
  readonly open: boolean;
  readonly home: string;
  readonly paths: BuildPaths;
}

/**
 * Runs the browser host until a stop signal, then closes it in order. The first line of output is
 * `Wirebench is running at http://127.0.0.1:PORT/#token=…`. Returns the exit code: 1 if the host could not start,
 * or records of its session are lost.
 */
export async function runBrowserHost({ port, open, home, paths }: RunOptions): Promise<number> {
  const parent = watchParent();
  const created = await createWorkbench({ home, resources: paths.resources, warn: printError });
  if (!created.ok) {
    printError(failureText(created.error));
    return 1;
  }
  const workbench = created.value;
  workbench.subscribe(recordingNotices(printError));
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
    const report = (reason: string) => printError(`No browser could be opened (${reason}). Open the address above.`);
    await host.makeEntrance().then(
      (file) => openPage(file, report),
      (error: unknown) => report(fileFailure('', error).system),
    );
  }
  await stopped;
  // In parallel: a slow page must not delay the end of the session.
  const [, loss] = await Promise.all([host.close(), workbench.close()]);
  if (loss === undefined) return 0;
  printError(failureText(loss));
  return 1;
}
