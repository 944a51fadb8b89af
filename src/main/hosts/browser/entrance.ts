import { randomBytes } from 'node:crypto';
import { closeSync, writeFileSync } from 'node:fs';
import { createPrivateFile } from '#files/private-files.ts';
import { hostPaths } from '#shared/contract/wire.ts';
import { temporaryFolder } from './temporary.ts';

/**
 * Passes the token to the browser that this process starts. Every user of the machine can read the arguments of a
 * process, so the token is not an argument: the browser opens a file that only its user can read, the file leads to an
 * address with a code that is valid once, and that address leads to the page with its token.
 */
export interface Entrance {
  /** Creates the file for the host at `port` and returns its path. Rejects as `node:fs` does. */
  makeFile(port: number): Promise<string>;
  /** Returns true if `pathname` contains the code of a file that has not been used yet. */
  admits(pathname: string): boolean;
  /** Invalidates the code in `pathname` and deletes its file. Returns the document that leads to the page, if the code was valid. */
  enter(pathname: string): Promise<string | undefined>;
  /** Deletes all files. */
  close(): Promise<void>;
}

/** Creates the files in the folder `entrance` of `home`. Throws if the folder cannot be created. */
export function createEntrance(home: string, token: string): Entrance {
  const folder = temporaryFolder(`${home}/entrance`);
  /** The files, by the URL path that each leads to. */
  const files = new Map<string, string>();
  return {
    async makeFile(port) {
      const pathname = hostPaths.enter + randomBytes(32).toString('base64url');
      const file = await folder.place('wirebench.html');
      const fd = createPrivateFile(file);
      try {
        writeFileSync(fd, leadTo(`http://127.0.0.1:${port}${pathname}`));
      } finally {
        closeSync(fd);
      }
      files.set(pathname, file);
      return file;
    },
    admits: (pathname) => files.has(pathname),
    async enter(pathname) {
      const file = files.get(pathname);
      if (file === undefined) return undefined;
      files.delete(pathname);
      await folder.discard(file);
      return leadTo(`/#token=${token}`);
    },
    close: () => folder.close(),
  };
}

/** Returns a document that redirects to `address`, which must not contain characters with a meaning in HTML. */
function leadTo(address: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Wirebench</title><meta http-equiv="refresh" content="0; url=${address}">`;
}
