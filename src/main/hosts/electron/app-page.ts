import { readFile } from 'node:fs/promises';
import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain, type Protocol, protocol } from 'electron';
import { PageCalls } from '#hosts/page.ts';
import { type Handlers, serve } from '#shared/contract/serve.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { findPageFile, securityHeaders } from '../page.ts';
import { printUnexpected } from '../terminal.ts';
import { grantDropped } from './host-calls.ts';

/** The address of the page in the desktop app. */
export const pageAddress = 'app://bundle/';

/**
 * Returns true if `url` belongs to our page: `app://bundle/…`, or the development server if there is one. Protocol and
 * host are compared separately, because Node gives every custom scheme the origin `null`.
 */
export function isOwnPage(url: string, developmentAddress: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  const page = new URL(url);
  return [pageAddress, developmentAddress].some((address) => {
    if (!address) return false;
    const own = new URL(address);
    return page.protocol === own.protocol && page.host === own.host;
  });
}

const { protocol: schemeWithColon, host } = new URL(pageAddress);
const scheme = schemeWithColon.slice(0, -1);

/** Declares `app:` to Chromium as a standard, secure scheme. Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page in `root` under `app://bundle/`, with the same security headers as the browser host. */
export function serveApp(sessionProtocol: Protocol, root: string): void {
  sessionProtocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    const file = url.host === host && request.method === 'GET' ? await findPageFile(root, url.pathname) : undefined;
    if (!file) return new Response('Not found', { status: 404, headers: securityHeaders });
    return new Response(await readFile(file.path), { headers: file.headers });
  });
}

/**
 * Serves the contract to the page of `window` over Electron's IPC and pushes events to it. A call from any other frame
 * than the top frame of our page rejects. Ends the queries of the page, and frees its drafts, when it is reloaded, crashes or is closed. Returns the function
 * that stops the events.
 */
export function serveWindow(
  window: BrowserWindow,
  handlers: Handlers,
  workbench: Pick<Workbench, 'subscribe' | 'files'>,
  developmentAddress: string | undefined,
): () => void {
  let calls = new PageCalls(handlers);
  const replacePage = () => {
    calls.end();
    calls = new PageCalls(handlers);
  };
  window.webContents.on('did-navigate', replacePage);
  window.webContents.on('render-process-gone', replacePage);
  const checkSender = ({ senderFrame: frame }: IpcMainInvokeEvent) => {
    if (!frame || frame.parent !== null || !isOwnPage(frame.url, developmentAddress)) {
      throw new Error('this frame may not call Wirebench');
    }
  };
  ipcMain.handle('grant-folder', (event: IpcMainInvokeEvent, path: unknown) => {
    checkSender(event);
    return grantDropped(workbench.files, path);
  });
  ipcMain.handle('call', (event: IpcMainInvokeEvent, name: unknown, input: unknown) => {
    checkSender(event);
    return serve(calls.handlers, typeof name === 'string' ? name : '', input, (call, error) =>
      printUnexpected(`${call} failed unexpectedly`, error),
    );
  });
  const stopEvents = workbench.subscribe((event) => {
    if (!window.isDestroyed()) window.webContents.send('event', event);
  });
  return () => {
    stopEvents();
    calls.end();
  };
}
