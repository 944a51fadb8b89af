import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { type Handlers, serve } from '#shared/contract/serve.ts';
import { PageQueries } from '#workbench/page-queries.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { printUnexpected } from '../terminal.ts';
import { isOwnPage } from './own-page.ts';

/**
 * Serves the contract to the page of `window` over Electron's IPC and pushes events to it. A call from any other frame
 * than the top frame of our page rejects. Ends the queries of the page when it is reloaded, crashes or is closed. Returns the function
 * that stops the events.
 */
export function serveWindow(
  window: BrowserWindow,
  handlers: Handlers,
  workbench: Pick<Workbench, 'subscribe'>,
  developmentAddress: string | undefined,
): () => void {
  let queries = new PageQueries(handlers);
  const replacePage = () => {
    queries.end();
    queries = new PageQueries(handlers);
  };
  window.webContents.on('did-navigate', replacePage);
  window.webContents.on('render-process-gone', replacePage);
  ipcMain.handle('call', (event: IpcMainInvokeEvent, name: unknown, input: unknown) => {
    const frame = event.senderFrame;
    if (!frame || frame.parent !== null || !isOwnPage(frame.url, developmentAddress)) {
      throw new Error('this frame may not call Wirebench');
    }
    return serve(queries.handlers, typeof name === 'string' ? name : '', input, (call, error) =>
      printUnexpected(`${call} failed unexpectedly`, error),
    );
  });
  const stopEvents = workbench.subscribe((event) => {
    if (!window.isDestroyed()) window.webContents.send('event', event);
  });
  return () => {
    stopEvents();
    queries.end();
  };
}
