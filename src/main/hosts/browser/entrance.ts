import { randomBytes } from 'node:crypto';
import { closeSync, writeFileSync } from 'node:fs';
import { createPrivateFile } from '#files/private-files.ts';
import { hostPaths } from '#shared/contract/wire.ts';
import { temporaryFolder } from './temporary.ts';

/**
 * How the browser that this process starts gets the token. The arguments of a process can be read by every user of the
 * machine, so none has the token: the browser is given a file that only its user can read, the file leads to an address
 * with a code that is valid once, and that address leads to the page with its token.
 */
export interface Entrance {
  /** Makes the file for the host at `port`; returns its path. Rejects as `node:fs` does. */
  makeFile(port: number): Promise<string>;
  /** True where `pathname` has the code of a file that nobody has used yet. */
  admits(pathname: string): boolean;
  /** Uses the code in `pathname`, if it is valid, and deletes its file; returns the document that leads to the page. */
  enter(pathname: string): Promise<string | undefined>;
  /** Deletes every file. */
  close(): Promise<void>;
}

/** Keeps the files in the folder `entrance` of `home`. Throws where it cannot be made. */
export function createEntrance(home: string, token: string): Entrance {
  const folder = temporaryFolder(`${home}/entrance`);
  /** Each file by the path that it leads to. */
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

/** A document that leads to `address`, which consists of characters without a meaning in HTML, and takes its place in the history. */
function leadTo(address: string): string {
  return `<!doctype html><meta charset="utf-8"><title>Wirebench</title><meta http-equiv="refresh" content="0; url=${address}">`;
}
