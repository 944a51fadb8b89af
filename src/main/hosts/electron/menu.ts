import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The native menu, by roles: macOS copies and pastes through it, zoom works through it everywhere. It takes none of
 * the keys that the page's own actions have.
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
