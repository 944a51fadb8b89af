import { Menu, type MenuItemConstructorOptions } from 'electron';

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
