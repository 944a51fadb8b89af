import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { basename } from 'node:path';
import { isReference, referenceName, referencePrefixes } from '#shared/contract/file-reference.ts';
import { filesOf } from '#shared/endpoint/configured-files.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';

/** The maximum number of grants; the oldest is dropped first. A user does not select that many files. */
const maxGrants = 10_000;

/** A place that may be written to. */
export interface SavePlace {
  readonly path: string;
  /** `replace`: the user has confirmed in a system dialog that an existing file is replaced. */
  readonly existing: 'refuse' | 'replace';
  /**
   * `temporary`: the file is deleted after it was downloaded, so a recording must not be moved there. `recording`: the
   * user selected no file, so only the recording may be written there.
   */
  readonly life: 'lasting' | 'temporary' | 'recording';
}

/** A file that may be read; with `root`, one that a workspace contains. */
interface Readable {
  readonly path: string;
  readonly root?: string;
}

/**
 * The files that the page may read and write, by unguessable handles. Only the host grants access: to a file that the user
 * selected in a system dialog, to one that the page uploaded, for a download. Handles are valid as long as the process runs.
 */
export class FileGrants {
  readonly #readable = new Map<string, Readable>();
  readonly #folders = new Map<string, string>();
  readonly #places = new Map<string, SavePlace>();

  /** Grants reading the file at `path` any number of times. Returns its handle, which contains the file's name. */
  grantRead(path: string): string {
    return remember(this.#readable, newHandle(referencePrefixes.read, path), { path });
  }

  /**
   * Grants reading a file that a document of the workspace `root` names, any number of times: only as long as no part of its path is a
   * link, because the workspace may have been cloned from somewhere. Returns its handle.
   */
  grantReadIn(root: string, path: string): string {
    return remember(this.#readable, newHandle(referencePrefixes.read, path), { path, root });
  }

  /** Grants using the folder at `path` as a workspace. Returns its handle. */
  grantFolder(path: string): string {
    return remember(this.#folders, newHandle(referencePrefixes.folder, path), path);
  }

  /** Returns the path of a folder. Fails with `not-found` for a handle that this process did not create. */
  findFolder(handle: string): Result<string> {
    const path = this.#folders.get(handle);
    return path === undefined ? { ok: false, error: notGranted('open', handle) } : ok(path);
  }

  /** Grants writing one file to a place. Returns its handle. */
  grantSave(place: SavePlace): string {
    return remember(this.#places, newHandle(referencePrefixes.save, place.path), place);
  }

  /** Returns the path of a file that may be read. Fails with `not-found` for a handle that this process did not create. */
  find(handle: string): Result<string> {
    const found = this.#readable.get(handle);
    if (!found) return { ok: false, error: notGranted('read', handle) };
    const { path, root } = found;
    if (root === undefined || !leadsElsewhere(path)) return ok(path);
    return fail('access-denied', `Could not read “${referenceName(handle)}”`, {
      system: 'it is a symbolic link, or is in a folder that is one',
      hint: 'Replace the link with a copy: Wirebench does not follow links in a workspace.',
    });
  }

  /** Returns the path that a handle stands for, to be written in a document: it is not for reading. Fails like `find`. */
  pathOf(handle: string): Result<string> {
    const found = this.#readable.get(handle);
    return found ? ok(found.path) : { ok: false, error: notGranted('read', handle) };
  }

  /**
   * Returns the place that `handle` grants for a copy of a session or for the recording, and ends the grant.
   * Fails with `not-found` if it grants nothing; with `wrong-state`, without ending the grant, if it is for the other use.
   */
  takePlace(handle: string, what: 'copy' | 'recording'): Result<SavePlace> {
    const place = this.#places.get(handle);
    if (!place) return { ok: false, error: notGranted('save to', handle) };
    if (place.life === (what === 'copy' ? 'recording' : 'temporary')) {
      return fail('wrong-state', `Could not save to “${referenceName(handle)}”`, {
        system:
          what === 'copy'
            ? 'it is a place for the recording'
            : 'it is a download, which is deleted after it was fetched',
        hint: 'Use a different location.',
      });
    }
    this.#places.delete(handle);
    return ok(place);
  }

  /** Ends the grant of `handle`. */
  revoke(handle: string): void {
    this.#readable.delete(handle);
    this.#places.delete(handle);
  }

  /** Returns the failure of a configuration with an unknown handle; `undefined` if all are known. */
  missingFile(config: EndpointConfig): Failure | undefined {
    for (const { reference } of filesOf(config)) {
      if (!isReference('read', reference)) continue;
      const found = this.find(reference);
      if (!found.ok) return found.error;
    }
    return undefined;
  }
}

/** Returns true if a part of `path`, the real path of a workspace and a path in it, is a link. False for a file that does not exist. */
function leadsElsewhere(path: string): boolean {
  try {
    return fs.realpathSync.native(path) !== path;
  } catch {
    return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  }
}

function newHandle(prefix: string, path: string): string {
  // A file name may contain characters that a handle may not.
  const name = basename(path)
    .replace(/[/\\\u0000-\u001f\u007f]/g, '_')
    .slice(0, 255);
  return `${prefix}${randomBytes(16).toString('base64url')}/${(name || 'file').toWellFormed()}`;
}

function remember<T>(grants: Map<string, T>, handle: string, value: T): string {
  grants.set(handle, value);
  const [oldest] = grants.keys();
  if (grants.size > maxGrants && oldest !== undefined) grants.delete(oldest);
  return handle;
}

function notGranted(verb: string, handle: string): Failure {
  const failed = fail('not-found', `Could not ${verb} “${referenceName(handle)}”`, {
    system: 'it was selected in an earlier run of Wirebench, or was used already',
    hint:
      verb === 'open'
        ? 'Select the folder again.'
        : verb === 'read'
          ? 'Select the file again.'
          : 'Select the place again.',
  });
  return failed.error;
}
