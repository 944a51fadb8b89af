import { join } from 'node:path';
import { BrowserWindow, type Session, screen } from 'electron';
import { printUnexpected } from '../terminal.ts';
import { isOwnPage, pageAddress } from './own-page.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/**
 * Opens the only window: sandboxed, with context isolation, without Node, confined to our page. `developmentAddress` is
 * the address of the development server.
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
  window.loadURL(address).catch((error: unknown) => printUnexpected(`Could not show ${address}`, error));
  return window;
}

/** Denies every page all permissions and devices. */
function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** Denies the page new windows, navigation and webviews. */
function confinePage(window: BrowserWindow, developmentAddress: string | undefined): void {
  const contents = window.webContents;
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    // The development server reloads its page; nothing else may.
    if (developmentAddress === undefined || !isOwnPage(event.url, developmentAddress)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
