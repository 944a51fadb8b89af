import { join } from 'node:path';
import { BrowserWindow, type Session, screen } from 'electron';
import { printUnexpected } from '../terminal.ts';
import { isOwnPage, pageAddress } from './own-page.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/**
 * Opens the one window: sandboxed, isolated, without Node, confined to our own page. `developmentAddress` is the
 * page's server while developing.
 */
export function openWindow(
  home: string,
  preload: string,
  session: Session,
  developmentAddress: string | undefined,
): BrowserWindow {
  confineSession(session);
  const stateFile = join(home, 'window.json');
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const state = readWindowState(stateFile, areas);
  const window = new BrowserWindow({
    width: state?.width ?? 1280,
    height: state?.height ?? 800,
    ...(state && { x: state.x, y: state.y }),
    minWidth: 640,
    minHeight: 400,
    title: 'Wirebench',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    },
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() });
  });
  confinePage(window, developmentAddress);
  const address = developmentAddress ?? pageAddress;
  window.loadURL(address).catch((error: unknown) => printUnexpected(`${address} could not be shown`, error));
  return window;
}

/** No page gets a permission or a device, whatever it asks for. */
function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** The page stays where it is: no new window, no navigation, no frame of another kind. */
function confinePage(window: BrowserWindow, developmentAddress: string | undefined): void {
  const contents = window.webContents;
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    // The development server reloads its page; nothing else may.
    if (developmentAddress === undefined || !isOwnPage(event.url, developmentAddress)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
