import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { Handlers } from '#shared/contract/serve.ts';
import { exportFormats } from '#shared/export/export-formats.ts';
import { compressedExtension, importFormats } from '#shared/export/import-formats.ts';
import { fail, ok } from '#shared/failure.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import { version } from '#workbench/version.ts';
import type { HostCall } from '#workbench/workbench.ts';

const allFiles = { name: 'All files', extensions: ['*'] };
const filters = [
  ...exportFormats.map(({ label, extension }) => ({ name: label, extensions: [extension] })),
  { name: 'Bytes', extensions: ['bin'] },
  allFiles,
];
const session = { name: 'Wirebench session', extensions: ['wirebench'] };
const imports = importFormats.map(({ label, extensions }) => ({ name: label, extensions: [...extensions] }));
/** The files that can be opened: sessions, and files that are imported. */
const openFilters = [
  {
    name: 'Sessions, captures, JSON lines',
    extensions: [...[session, ...imports].flatMap(({ extensions }) => extensions), compressedExtension],
  },
  session,
  ...imports,
  allFiles,
];

/** The filter that `name` ends in, and all files. The format was chosen before: another ending would not change it. */
function filtersFor(name: string): typeof filters {
  return [...filters.filter(({ extensions }) => extensions.some((ending) => name.endsWith(`.${ending}`))), allFiles];
}

/** What only the desktop app can answer: native dialogs over `window()`, and what it runs on. */
export function electronCalls(home: string, files: FileGrants, window: () => BrowserWindow): Pick<Handlers, HostCall> {
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
        // On Linux the dialog does not ask unless it is told to; elsewhere it always does.
        properties: ['showOverwriteConfirmation'],
      });
      if (canceled || filePath === '') return ok({ target: null });
      // The dialog has asked whether a file that is there is replaced.
      return ok({ target: files.grantSave({ path: filePath, existing: 'replace', life: 'lasting' }) });
    },
    'dialogs.open': async ({ title, purpose }) => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title,
        filters: purpose === 'session' ? openFilters : [allFiles],
        properties: ['openFile'],
      });
      const [path] = filePaths;
      return ok({ file: canceled || path === undefined ? null : files.grantRead(path) });
    },
    'downloads.prepare': () =>
      fail('unsupported', 'The desktop app saves files itself', { hint: 'Choose where to save in the dialog.' }),
    'places.list': () =>
      fail('unsupported', 'The desktop app has a dialog for this', { hint: 'Choose the place in the dialog.' }),
  };
}
