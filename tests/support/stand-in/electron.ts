// biome-ignore-all lint/performance/noBarrelFile: this file is the module that the app imports as `electron`.
// What `import … from 'electron'` gives the app under test. Whatever is not here does not exist: the import fails.
import { strict } from './strict.ts';

export { app } from './app.ts';
export { BrowserWindow, webContents } from './browser-window.ts';
export { ipcMain } from './ipc-main.ts';
export { protocol, session } from './session.ts';

function unscripted(name: string) {
  return (): Promise<never> => Promise.reject(new Error(`dialog.${name} was shown, and the test has not scripted it`));
}

export const dialog = strict('dialog', {
  showOpenDialog: unscripted('showOpenDialog'),
  showSaveDialog: unscripted('showSaveDialog'),
  showErrorBox(title: string, content: string) {
    throw new Error(`dialog.showErrorBox: ${title}: ${content}`);
  },
});

export const screen = strict('screen', {
  getAllDisplays: () => [{ id: 1, scaleFactor: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});

export const shell = strict('shell', {
  showItemInFolder(path: string) {
    throw new Error(`shell.showItemInFolder was called, and the test has not scripted it: ${path}`);
  },
});

let menu: unknown = null;

export const Menu = strict('Menu', {
  buildFromTemplate: (items: readonly object[]) => ({ items }),
  setApplicationMenu(next: unknown) {
    menu = next;
  },
  getApplicationMenu: () => menu,
});

/** A desktop without a keyring: Electron would encrypt with a fixed key. */
export const safeStorage = strict('safeStorage', {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'basic_text',
  encryptString: (text: string) => Buffer.from(text),
  decryptString: (bytes: Buffer) => String(bytes),
});
