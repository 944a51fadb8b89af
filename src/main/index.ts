import { join } from 'node:path';
import { app, dialog, safeStorage, session } from 'electron';
import { registerAppScheme, serveApp, serveWindow } from '#hosts/electron/app-page.ts';
import { electronCalls } from '#hosts/electron/host-calls.ts';
import { createSecretStore } from '#hosts/electron/secret-store.ts';
import { openWindow, setMenu } from '#hosts/electron/window.ts';
import { buildPaths } from '#hosts/page.ts';
import { onStopSignal, printError, printUnexpected } from '#hosts/terminal.ts';
import { failureText } from '#shared/failure.ts';
import { createWorkbench } from '#workbench/create-workbench.ts';
import { homeFolder } from '#workbench/workbench.ts';

/** Starts the desktop app: one workbench and one window. Closing the window ends both. */
async function run(): Promise<void> {
  const home = homeFolder();
  const paths = buildPaths(import.meta.url);
  // MODE is a constant of the build, so a production build does not contain the name of the variable.
  const developmentAddress =
    import.meta.env.MODE === 'development' && !app.isPackaged ? process.env.ELECTRON_RENDERER_URL : undefined;

  // Several apps can run at the same time, each with its own session. They share no storage of Chromium.
  app.setPath('userData', join(home, 'electron'));
  registerAppScheme();
  await app.whenReady();

  const created = await createWorkbench({
    home,
    resources: paths.resources,
    warn: printError,
    secretStore: (workspaceId) => createSecretStore(home, workspaceId, safeStorage),
  });
  if (!created.ok) {
    dialog.showErrorBox('Wirebench could not start', failureText(created.error));
    app.exit(1);
    return;
  }
  const workbench = created.value;

  onStopSignal(() => app.quit());
  let closing = false;
  let closed = false;
  let exitCode = 0;
  let closedByUser = false;
  app.on('window-all-closed', () => {
    closedByUser = true;
    app.quit();
  });
  app.on('will-quit', (event) => {
    if (closed) return;
    // Quits after the session is written.
    event.preventDefault();
    if (closing) return;
    closing = true;
    void workbench
      .close()
      .then((loss) => {
        if (loss === undefined) return;
        exitCode = 1;
        printError(failureText(loss));
        // After a stop signal no message box: the process would wait for an answer.
        if (closedByUser) dialog.showErrorBox('Records were lost', failureText(loss));
      })
      .catch((error: unknown) => {
        exitCode = 1;
        printUnexpected('Wirebench did not close in order', error);
      })
      .finally(() => {
        closed = true;
        app.exit(exitCode);
      });
  });

  const pageSession = session.fromPartition('wirebench');
  serveApp(pageSession.protocol, paths.renderer);
  setMenu(developmentAddress !== undefined);
  const window = openWindow(home, paths.preload, pageSession, developmentAddress);
  const handlers = { ...workbench.handlers, ...electronCalls(home, workbench, () => window) };
  const stopEvents = serveWindow(window, handlers, workbench, developmentAddress);
  window.on('closed', stopEvents);
}

// Top-level await would keep Electron from becoming ready.
run().catch((error: unknown) => {
  printUnexpected('Wirebench could not start', error);
  app.exit(1);
});
