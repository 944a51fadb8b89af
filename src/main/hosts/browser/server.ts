import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { descriptorHint, isOutOfDescriptors } from '#files/descriptors.ts';
import { fileFailure } from '#session/format/failures.ts';
import { hostPaths, wireProtocol } from '#shared/contract/wire.ts';
import { fail, ok, type Result } from '#shared/failure.ts';
import { systemAnswer } from '#shared/socket/errno.ts';
import type { Workbench } from '#workbench/workbench.ts';
import { findPageFile, securityHeaders } from '../page.ts';
import { printUnexpected } from '../terminal.ts';
import { createEntrance, type Entrance, type Refusal, refuseBearer, refuseForeign, refuseProtocol } from './guard.ts';
import { browserCalls } from './host-calls.ts';
import { createDownloads, createUploads, type Downloads, type Uploads } from './page-files.ts';
import { maxCallBytes, type PageLimits, Pages } from './pages.ts';

export interface BrowserHostOptions {
  readonly workbench: Workbench;
  readonly home: string;
  /** The folder of the built page. */
  readonly renderer: string;
  /** The port on 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** The token of an earlier host, to keep its address valid. Default: a new token. */
  readonly token?: string;
  readonly limits?: PageLimits;
  readonly maxUploadBytes?: number;
}

/** The browser host while it listens. */
export interface BrowserHost {
  readonly port: number;
  readonly token: string;
  /** The address with its token, for a browser. */
  readonly address: string;
  /** Creates a file, readable by its user only, that leads a browser to the page once. Returns its path. Rejects as `node:fs` does. */
  makeEntrance(): Promise<string>;
  /** Ends every connection and deletes uploads and downloads. The caller closes the workbench. */
  close(): Promise<void>;
}

/** What the routes need. */
interface Site {
  readonly port: number;
  readonly token: string;
  readonly renderer: string;
  readonly uploads: Uploads;
  readonly downloads: Downloads;
  readonly entrance: Entrance;
}

/** Serves the page and its engine on 127.0.0.1 to clients that have the token. Fails if the port is unavailable. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<Result<BrowserHost>> {
  const token = options.token ?? randomBytes(32).toString('base64url');
  const folders = transferFolders(options, token);
  if (!folders.ok) return folders;
  const { uploads, downloads, entrance } = folders.value;
  const server = createServer();
  const listening = await listen(server, options.port);
  if (!listening.ok) return listening;
  const port = listening.value;
  const site: Site = { port, token, renderer: options.renderer, uploads, downloads, entrance };

  const handlers = {
    ...uploads.follow(options.workbench.handlers),
    ...browserCalls(options.home, options.workbench.files, downloads),
  };
  const pages = new Pages(handlers, options.limits);
  const stopEvents = options.workbench.subscribe((event) => pages.push(event));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxCallBytes,
    // The page offers the token as a subprotocol too; the response must not repeat it.
    handleProtocols: (offered) => offered.has(wireProtocol) && wireProtocol,
  });

  server.on('request', (request, response) => {
    answer(site, request, response).catch((error: unknown) => {
      printUnexpected(`${request.method} ${request.url} failed unexpectedly`, error);
      if (response.headersSent) response.destroy();
      else plain(response, 500, 'Wirebench failed unexpectedly');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const refusal =
      refuseForeign(request, port, false) ??
      refuseProtocol(request, token) ??
      (isSocketPath(request) ? undefined : notFound);
    if (refusal) refuseUpgrade(socket, refusal);
    else sockets.handleUpgrade(request, socket, head, (page) => pages.add(page));
  });

  return ok({
    port,
    token,
    address: `http://127.0.0.1:${port}/#token=${token}`,
    makeEntrance: () => entrance.makeFile(port),
    async close() {
      stopEvents();
      pages.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const page of sockets.clients) page.terminate();
      server.closeAllConnections();
      await closed;
      await Promise.all([uploads.close(), downloads.close(), entrance.close()]);
    },
  });
}

/** Creates the folders for uploads, downloads and entrance files. Fails if the app's folder does not allow it. */
function transferFolders(
  { home, workbench: { files }, maxUploadBytes }: BrowserHostOptions,
  token: string,
): Result<Pick<Site, 'uploads' | 'downloads' | 'entrance'>> {
  try {
    return ok({
      uploads: createUploads(home, files, maxUploadBytes),
      downloads: createDownloads(home, files),
      entrance: createEntrance(home, token),
    });
  } catch (error) {
    const { system } = fileFailure('', error);
    return fail('file', `Could not create the folders “uploads”, “downloads” and “entrance” in “${home}”`, {
      system,
      hint: isOutOfDescriptors(error)
        ? descriptorHint()
        : 'If a file has one of these names, move it away; or set WIREBENCH_HOME to another folder.',
    });
  }
}

function listen(server: Server, port: number): Promise<Result<number>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code =
        error.code === 'EADDRINUSE' ? 'address-in-use' : error.code === 'EACCES' ? 'access-denied' : 'closed';
      resolve(
        fail(code, `Could not serve Wirebench on 127.0.0.1:${port}`, {
          system: error.code === undefined ? error.message : systemAnswer('listen', error.code),
          hint: isOutOfDescriptors(error)
            ? descriptorHint()
            : 'Select another port with --port; --port 0 uses a free one.',
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve(ok((server.address() as AddressInfo).port)));
  });
}

const notFound = { status: 404, text: 'Not found' } as const;

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [pathname = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const isEntering = request.method === 'GET' && site.entrance.admits(pathname);
  const refusal = refuseForeign(request, site.port, isEntering);
  if (refusal) return plain(response, refusal.status, refusal.text);
  if (isEntering) return sendEntrance(site, pathname, response);
  if (pathname === hostPaths.upload) return receiveUpload(site, request, response, query);
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, 'Only GET is allowed');
  if (pathname === hostPaths.token) {
    const wrong = refuseBearer(request, site.token);
    return wrong ? plain(response, wrong.status, wrong.text) : plain(response, 204, '');
  }
  if (pathname.startsWith(hostPaths.download)) {
    const sent = request.method === 'GET' && (await site.downloads.send(pathname, response));
    return sent ? undefined : plain(response, 404, notFound.text);
  }
  const file = await findPageFile(site.renderer, pathname);
  if (!file) return plain(response, 404, notFound.text);
  // Not as a stream: that is slower for the page's ten files, the largest of which has 3 MB.
  const bytes = request.method === 'HEAD' ? undefined : await readFile(file.path);
  response.writeHead(200, { ...file.headers, 'content-length': bytes?.length ?? file.size });
  response.end(bytes);
}

async function sendEntrance(site: Site, pathname: string, response: ServerResponse): Promise<void> {
  const document = await site.entrance.enter(pathname);
  if (document === undefined) return plain(response, 404, notFound.text);
  const type = 'text/html; charset=utf-8';
  response.writeHead(200, { ...securityHeaders, 'content-type': type, 'cache-control': 'no-store' });
  response.end(document);
}

async function receiveUpload(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  query: string,
): Promise<void> {
  if (request.method !== 'POST') return plain(response, 405, 'Only POST is allowed');
  const wrong = refuseBearer(request, site.token);
  if (wrong) return plain(response, wrong.status, wrong.text);
  const name = new URLSearchParams(query).get('name') ?? '';
  const received = await site.uploads.receive(request, name === '' ? 'session.wirebench' : name);
  if (response.destroyed) return;
  const status = received.ok ? 200 : received.error.code === 'too-large' ? 413 : 500;
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(received));
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(text);
}

function isSocketPath(request: IncomingMessage): boolean {
  return request.url === hostPaths.socket;
}

function refuseUpgrade(socket: Duplex, refusal: Refusal | typeof notFound): void {
  const reason = {
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    421: 'Misdirected Request',
  }[refusal.status];
  const length = Buffer.byteLength(refusal.text);
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${refusal.status} ${reason}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${refusal.text}`,
  );
}
