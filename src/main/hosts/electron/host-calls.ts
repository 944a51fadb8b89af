import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import { fail, ok } from '#shared/contract/failure.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import { version } from '#workbench/version.ts';
import type { HostCall } from '#workbench/workbench.ts';

const filters = [
  { name: 'Wirebench session', extensions: ['wirebench'] },
  { name: 'JSON lines', extensions: ['jsonl'] },
  { name: 'Text', extensions: ['txt'] },
  { name: 'All files', extensions: ['*'] },
];

/** The filters with the one first that `name` ends in, because a dialog offers the first. */
function filtersFor(name: string): typeof filters {
  const fits = (filter: { extensions: string[] }) =>
    filter.extensions.some((extension) => name.endsWith(`.${extension}`));
  return [...filters.filter(fits), ...filters.filter((filter) => !fits(filter))];
}

/** What only the desktop app can answer: native dialogs over `window()`, and what it runs on. */
export function electronCalls(home: string, window: () => BrowserWindow): Pick<Handlers, HostCall> {
  return {
    'app.info': () =>
      ok({
        version,
        host: 'electron',
        platform: process.platform,
        runtime: `Electron ${process.versions.electron ?? 'unknown'}`,
        home,
      }),
    'dialogs.save': async ({ title, suggestedName }) => {
      const name = basename(suggestedName);
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title,
        defaultPath: join(app.getPath('documents'), name),
        filters: filtersFor(name),
      });
      return ok({ path: canceled || filePath === '' ? null : filePath });
    },
    'dialogs.open': async ({ title }) => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title,
        filters: filtersFor('.wirebench').filter(
          ({ extensions }) => extensions[0] !== 'jsonl' && extensions[0] !== 'txt',
        ),
        properties: ['openFile'],
      });
      return ok({ path: canceled ? null : (filePaths[0] ?? null) });
    },
    'downloads.prepare': () =>
      fail('unsupported', 'The desktop app saves files itself', { hint: 'Choose where to save in the dialog.' }),
  };
}
