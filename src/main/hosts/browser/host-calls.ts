import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import type { CallOutput } from '#shared/contract/contract.ts';
import type { Handlers } from '#shared/contract/serve.ts';
import { fail, ok } from '#shared/failure.ts';
import type { FileGrants } from '#workbench/file-grants.ts';
import { newSessionPath } from '#workbench/session-files.ts';
import { type HostCall, version } from '#workbench/workbench.ts';
import type { Downloads } from './page-files.ts';
import { safeFileName } from './temporary.ts';

/** Returns the handlers of the browser host's own calls. It has no file dialogs; it offers downloads and places instead. */
export function browserCalls(home: string, files: FileGrants, downloads: Downloads): Pick<Handlers, HostCall> {
  const noDialog = () => fail('unsupported', 'This host has no file dialogs', { hint: 'Use those of the browser.' });
  return {
    'app.info': () =>
      ok({
        version,
        host: 'browser',
        platform: process.platform,
        runtime: `Node ${process.versions.node}`,
        home,
      }),
    'dialogs.save': noDialog,
    'dialogs.open': noDialog,
    'documents.show': () =>
      fail('unsupported', 'This host cannot open a file manager', { hint: 'Copy the path of the workspace.' }),
    'downloads.prepare': async ({ suggestedName }) => ok(await downloads.prepare(suggestedName)),
    'places.list': async ({ suggestedName }) => ok({ places: await listPlaces(files, home, suggestedName) }),
  };
}

type Place = CallOutput<'places.list'>['places'][number];

/**
 * Lists where a host without dialogs can record to: a new file named after `name` in the folder of sessions, in the user's
 * home folder and in the system's temporary folder, as far as these are writable. There are several because the disk of the
 * app's folder may be full.
 */
export async function listPlaces(files: FileGrants, home: string, name: string): Promise<Place[]> {
  const stem = parse(safeFileName(name)).name;
  const known = new Set<string>();
  const places: Place[] = [];
  for (const folder of [join(home, 'sessions'), homedir(), tmpdir()]) {
    const found = await usableFolder(folder);
    if (!found || known.has(found.identity)) continue;
    known.add(found.identity);
    const path = newSessionPath(folder, stem);
    const target = files.grantSave({ path, existing: 'refuse', life: 'recording' });
    places.push({ target, folder, freeBytes: found.freeBytes });
  }
  return places;
}

/** Returns the identity of a writable folder and the free space of its disk; `undefined` if `path` is not such a folder. */
async function usableFolder(path: string): Promise<{ identity: string; freeBytes: number } | undefined> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    const { dev, ino } = await stat(path);
    const { bavail, bsize } = await statfs(path);
    return { identity: `${dev}:${ino}`, freeBytes: bavail * bsize };
  } catch {
    return undefined;
  }
}
