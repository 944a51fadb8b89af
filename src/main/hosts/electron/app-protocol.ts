import { readFile } from 'node:fs/promises';
import { type Protocol, protocol } from 'electron';
import { findPageFile, securityHeaders } from '../page.ts';

const scheme = 'app';
const host = 'bundle';

/** The address of the page in the desktop app. */
export const pageAddress = `${scheme}://${host}/`;

/** Declares `app:` to Chromium as a secure origin with real paths. Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page in `root` under `app://bundle/`, with the strict policy that the browser host sends too. */
export function serveApp(sessionProtocol: Protocol, root: string): void {
  sessionProtocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    const file = url.host === host && request.method === 'GET' ? await findPageFile(root, url.pathname) : undefined;
    if (!file) return new Response('Not found', { status: 404, headers: securityHeaders });
    return new Response(await readFile(file.path), { headers: file.headers });
  });
}

/**
 * True where `url` is of our own page: `app://bundle/…`, or the development server's where there is one. Protocol and
 * host are compared apart, because the origin of a custom scheme is `null` in Node, like that of any other.
 */
export function isOwnPage(url: string, developmentAddress: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  const page = new URL(url);
  return [pageAddress, developmentAddress].some((address) => {
    if (!address) return false;
    const own = new URL(address);
    return page.protocol === own.protocol && page.host === own.host;
  });
}
