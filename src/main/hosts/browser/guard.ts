import { randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createPrivateFile } from '#files/private-files.ts';
import { hostPaths, tokenProtocol, wireProtocol } from '#shared/contract/wire.ts';
import { temporaryFolder } from './temporary.ts';

/** The reason for refusing a request: an HTTP status and a sentence. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 421;
  readonly text: string;
}

/** `Sec-Fetch-Site` of a request from our page, and of one from a user who enters the address (Fetch Metadata). */
const ownSites = new Set(['same-origin', 'none']);

/**
 * Refuses requests that our page never sends, before any other code reads them: no `Host`, several, or a foreign one (a
 * name that resolves to 127.0.0.1), a target that names a host, a foreign `Origin`, and a request that a page of another
 * site or another local port caused. `port` is the host's own. `isEntering`: the request has a code from a file that
 * this process created; such a request comes from another site, as files do.
 */
export function refuseForeign(request: IncomingMessage, port: number, isEntering: boolean): Refusal | undefined {
  // RFC 9112 3.2: the response to more than one Host is 400. Node itself would use the first one.
  if (request.headersDistinct.host?.length !== 1) return { status: 400, text: 'A request must have exactly one Host' };
  // RFC 9112 3.2.2: the host of a target in absolute form overrides Host. Only requests to a proxy have this form.
  if (!request.url?.startsWith('/')) return { status: 400, text: 'Wirebench is not a proxy' };
  const { host, origin } = request.headers;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return { status: 421, text: 'This is not the address of Wirebench' };
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    return { status: 403, text: 'Wirebench serves only its own page' };
  }
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && !isEntering && !ownSites.has(String(site).trim().toLowerCase())) {
    return { status: 403, text: 'Wirebench does not serve requests from other pages' };
  }
  return undefined;
}

const wrongToken: Refusal = { status: 401, text: 'The token is missing or wrong' };

/** Refuses a request whose `Authorization: Bearer …` does not contain `token`. */
export function refuseBearer(request: IncomingMessage, token: string): Refusal | undefined {
  const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ', 2);
  return scheme === 'Bearer' && sameText(given, token) ? undefined : wrongToken;
}

/** Refuses a WebSocket whose subprotocols do not include `token` and the protocol of this version. */
export function refuseProtocol(request: IncomingMessage, token: string): Refusal | undefined {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.some((name) => sameText(name, tokenProtocol(token)))) return wrongToken;
  return offered.includes(wireProtocol) ? undefined : { status: 400, text: `The page does not speak ${wireProtocol}` };
}

/** Compares in constant time. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

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
