import { fstatSync } from 'node:fs';
import { fileFailure } from '#session/format/failures.ts';
import { failureText } from '#shared/failure.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import { homeFolder } from '#workbench/workbench.ts';
import { buildPaths } from '../page.ts';
import { onStopSignal, printError, printLine, recordingNotices } from '../terminal.ts';
import { noDisplay, openPage } from './open-page.ts';
import { startBrowserHost } from './server.ts';

interface RunOptions {
  /** The port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Opens a browser if there is a display. */
  readonly open: boolean;
}

/**
 * Runs `wirebench app`: the browser host of the build, until a stop signal, then closes it in order. The first line of output is
 * `Wirebench is running at http://127.0.0.1:PORT/#token=…`. Returns the exit code: 1 if the host could not start,
 * or records of its session are lost.
 */
export async function runBrowserHost({ port, open }: RunOptions): Promise<number> {
  const home = homeFolder();
  const paths = buildPaths(import.meta.url);
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

/** The process at the other end of the standard input, if there is one. */
interface Parent {
  /** Resolves when it ends. Never resolves if it had ended before (`</dev/null`, `echo | wirebench`). */
  untilGone(): Promise<void>;
}

/** Starts to watch the standard input if it is a pipe, which closes when the parent process ends. */
function watchParent(): Parent {
  let gone = !isPipe(0);
  if (!gone) {
    process.stdin.once('close', () => {
      gone = true;
    });
    process.stdin.on('error', () => {});
    process.stdin.resume();
    process.stdin.unref?.();
  }
  return { untilGone: () => new Promise((resolve) => !gone && process.stdin.once('close', resolve)) };
}

/** Resolves at a stop signal (`onStopSignal`), or when the parent process ends. */
function untilStopped(parent: Parent): Promise<void> {
  return new Promise((resolve) => {
    onStopSignal(resolve);
    void parent.untilGone().then(resolve);
  });
}

function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
