import { readFile } from 'node:fs/promises';
import { type Protocol, protocol } from 'electron';
import { findPageFile, securityHeaders } from '../page.ts';
import { pageAddress } from './own-page.ts';

const { protocol: schemeWithColon, host } = new URL(pageAddress);
const scheme = schemeWithColon.slice(0, -1);

/** Declares `app:` to Chromium as a standard, secure scheme. Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page in `root` under `app://bundle/`, with the same security headers as the browser host. */
export function serveApp(sessionProtocol: Protocol, root: string): void {
  sessionProtocol.handle(scheme, async (request) => {
    const url = new URL(request.url);
    const file = url.host === host && request.method === 'GET' ? await findPageFile(root, url.pathname) : undefined;
    if (!file) return new Response('Not found', { status: 404, headers: securityHeaders });
    return new Response(await readFile(file.path), { headers: file.headers });
  });
}
