import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { isReference, referenceName, referencePrefixes } from '#shared/contract/file-reference.ts';
import { filesOf } from '#shared/endpoint/configured-files.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Failure, fail, ok, type Result } from '#shared/failure.ts';

/** The most grants that are remembered; the oldest is forgotten first. A person does not choose so many files. */
const maxGrants = 10_000;

/** A place that may be written to. */
export interface SavePlace {
  readonly path: string;
  /** `replace`: a dialog of the system has asked whether a file that is there is replaced. */
  readonly existing: 'refuse' | 'replace';
  /**
   * `temporary`: what is written there is deleted once it was fetched, so a recording may not be moved there. `recording`: the
   * user chose no file, so nothing but the recording is written there.
   */
  readonly life: 'lasting' | 'temporary' | 'recording';
}

/**
 * The files that the page may have read and written, by unguessable handles. Only the host grants: for a file that the user
 * chose in a dialog of the system, for one that the page handed over, for a download. Handles live as long as the process.
 */
export class FileGrants {
  readonly #readable = new Map<string, string>();
  readonly #places = new Map<string, SavePlace>();

  /** Grants reading the file at `path`, as often as wanted. Returns its handle, which carries the file's name. */
  grantRead(path: string): string {
    return remember(this.#readable, newHandle(referencePrefixes.read, path), path);
  }

  /** Grants writing one file to a place. Returns its handle. */
  grantSave(place: SavePlace): string {
    return remember(this.#places, newHandle(referencePrefixes.save, place.path), place);
  }

  /** Returns the path of a file that may be read. Fails (`not-found`) for a handle that was not given by this process. */
  find(handle: string): Result<string> {
    const path = this.#readable.get(handle);
    return path === undefined ? { ok: false, error: notGranted('read', handle) } : ok(path);
  }

  /**
   * Returns the place that `handle` grants for a copy of a session or for the recording itself, and which it then grants no longer.
   * Fails with `not-found` where it grants none; with `wrong-state` where it grants it for the other, which it goes on to do.
   */
  takePlace(handle: string, what: 'copy' | 'recording'): Result<SavePlace> {
    const place = this.#places.get(handle);
    if (!place) return { ok: false, error: notGranted('save to', handle) };
    if (place.life === (what === 'copy' ? 'recording' : 'temporary')) {
      return fail('wrong-state', `Could not save to “${referenceName(handle)}”`, {
        system:
          what === 'copy'
            ? 'it is a place for the recording'
            : 'it is a download, which is deleted once it was fetched',
        hint: 'Choose another place.',
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

  /** Returns the failure of a configuration that uses a handle which grants nothing; `undefined` where each is known. */
  missingFile(config: EndpointConfig): Failure | undefined {
    for (const { reference } of filesOf(config)) {
      if (!isReference('read', reference)) continue;
      const found = this.find(reference);
      if (!found.ok) return found.error;
    }
    return undefined;
  }
}

function newHandle(prefix: string, path: string): string {
  // A name may hold what a handle may not.
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
    system: 'it was chosen in an earlier run of Wirebench, or was used already',
    hint: verb === 'read' ? 'Choose the file again.' : 'Choose the place again.',
  });
  return failed.error;
}
