import { dirname, join } from 'node:path';
import { BrowserWindow, Menu, type MenuItemConstructorOptions, type Rectangle, type Session, screen } from 'electron';
import { z } from 'zod';
import { makePrivateFolder } from '#files/private-files.ts';
import { readRegularFileSync } from '#files/regular-file.ts';
import { replaceFileSync } from '#files/replace-file.ts';
import { printUnexpected } from '../terminal.ts';
import { isOwnPage, pageAddress } from './app-page.ts';

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

const windowStateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(320).max(32_767),
  height: z.number().int().min(240).max(32_767),
  maximized: z.boolean(),
});

/** Position and size of the window, in device-independent pixels. */
export type WindowState = z.infer<typeof windowStateSchema>;

/**
 * Reads the state from `file`. Returns `undefined` if the file is missing or damaged, or if the window would be outside
 * all of `areas` (on a display that is no longer connected).
 */
export function readWindowState(file: string, areas: readonly Rectangle[]): WindowState | undefined {
  try {
    const state = windowStateSchema.parse(JSON.parse(readRegularFileSync(file).toString()));
    return areas.some((area) => titleIsIn(state, area)) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Writes `state` to `file`. After a failure, which is printed, the next start uses the default size. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    makePrivateFolder(dirname(file));
    replaceFileSync(file, `${JSON.stringify(state)}\n`);
  } catch (error) {
    printUnexpected(`Could not save the position of the window in ${file}`, error);
  }
}

/** Returns true if enough of the title bar is in `area` to drag the window. */
function titleIsIn(state: WindowState, area: Rectangle): boolean {
  const grip = 64;
  return (
    state.x + state.width >= area.x + grip &&
    state.x <= area.x + area.width - grip &&
    state.y >= area.y - 8 &&
    state.y <= area.y + area.height - grip
  );
}

/**
 * Sets the native menu, which consists of Electron's roles: copy and paste on macOS need it, and zoom needs it on every
 * platform. Its shortcuts do not conflict with those of the page.
 */
export function setMenu(development: boolean): void {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(development ? [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
  ];
  const first: MenuItemConstructorOptions =
    process.platform === 'darwin' ? { role: 'appMenu' } : { label: '&File', submenu: [{ role: 'quit' }] };
  Menu.setApplicationMenu(Menu.buildFromTemplate([first, { role: 'editMenu' }, { label: '&View', submenu: view }]));
}
