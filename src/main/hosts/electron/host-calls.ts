import { stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { app, type BrowserWindow, dialog, shell } from 'electron';
import type { Handlers } from '#shared/contract/serve.ts';
import { exportFormats } from '#shared/export/export-formats.ts';
import { compressedExtension, importFormats } from '#shared/export/import-formats.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
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

/**
 * Grants a folder that the user dropped on the window; answers its handle. The preload asks for this with the path of a dropped file: the
 * page knows no paths.
 */
export async function grantDropped(files: FileGrants, path: unknown): Promise<Result<{ folder: string }>> {
  const isPath = typeof path === 'string' && isAbsolute(path);
  const isFolder = isPath && (await stat(path).catch(() => undefined))?.isDirectory();
  if (isPath && isFolder) return ok({ folder: files.grantFolder(path) });
  const hint = 'Drop a folder from the file manager.';
  return fail('bad-input', 'Could not open what was dropped', { system: 'it is not a folder', hint });
}

/** The workbench, as far as the desktop app's own calls need it. */
type Bench = { readonly files: FileGrants; readonly handlers: Pick<Handlers, 'workspace.get'> };

/** Returns the handlers of the desktop app's own calls: native dialogs over `window()`, the file manager, and its version. */
export function electronCalls(
  home: string,
  { files, handlers }: Bench,
  window: () => BrowserWindow,
): Pick<Handlers, HostCall> {
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
    'documents.show': async ({ path }) => {
      const workspace = await handlers['workspace.get']({});
      if (!workspace.ok) return workspace;
      const { documents, folder } = workspace.value;
      if (!documents.some((document) => document.path === path)) {
        const hint = 'Reload the workspace from the disk.';
        return fail('not-found', `Could not show “${path}”`, { system: 'the workspace has no such document', hint });
      }
      shell.showItemInFolder(join(folder, ...path.split('/')));
      return ok({});
    },
    'downloads.prepare': () =>
      fail('unsupported', 'The desktop app saves files directly', { hint: 'Select a file in the dialog.' }),
    'places.list': () =>
      fail('unsupported', 'The desktop app has a dialog for this', { hint: 'Select a file in the dialog.' }),
  };
}
