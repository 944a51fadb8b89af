import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { Handlers } from '#shared/contract/serve.ts';
import { exportFormats } from '#shared/export/export-formats.ts';
import { compressedExtension, importFormats } from '#shared/export/import-formats.ts';
import { fail, ok } from '#shared/failure.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import { type HostCall, version } from '#workbench/workbench.ts';

const allFiles = { name: 'All files', extensions: ['*'] };
const filters = [
  ...exportFormats.map(({ label, extension }) => ({ name: label, extensions: [extension] })),
  { name: 'Bytes', extensions: ['bin'] },
  allFiles,
];
const session = { name: 'Wirebench session', extensions: ['wirebench'] };
const imports = importFormats.map(({ label, extensions }) => ({ name: label, extensions: [...extensions] }));
/** Files that can be opened: sessions, and files that are imported into one. */
const openFilters = [
  {
    name: 'Sessions, captures, JSON Lines',
    extensions: [...[session, ...imports].flatMap(({ extensions }) => extensions), compressedExtension],
  },
  session,
  ...imports,
  allFiles,
];

/** Returns the filter of the extension of `name`, and “All files”: another extension would not change the format. */
function filtersFor(name: string): typeof filters {
  return [...filters.filter(({ extensions }) => extensions.some((ending) => name.endsWith(`.${ending}`))), allFiles];
}

/** Returns the handlers of the desktop app's own calls: native dialogs over `window()`, and its version. */
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
        // Only the Linux dialog needs this property; the others always ask.
        properties: ['showOverwriteConfirmation'],
      });
      if (canceled || filePath === '') return ok({ target: null });
      // The dialog has asked before replacing an existing file.
      return ok({ target: files.grantSave({ path: filePath, existing: 'replace', life: 'lasting' }) });
    },
    'dialogs.open': async ({ title, purpose }) => {
      const isFolder = purpose === 'folder';
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title,
        filters: isFolder ? [] : purpose === 'session' ? openFilters : [allFiles],
        properties: isFolder ? ['openDirectory', 'createDirectory'] : ['openFile'],
      });
      const [path] = filePaths;
      if (canceled || path === undefined) return ok({ file: null });
      return ok({ file: isFolder ? files.grantFolder(path) : files.grantRead(path) });
    },
    'downloads.prepare': () =>
      fail('unsupported', 'The desktop app saves files directly', { hint: 'Select a file in the dialog.' }),
    'places.list': () =>
      fail('unsupported', 'The desktop app has a dialog for this', { hint: 'Select a file in the dialog.' }),
  };
}
