import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { strict } from './strict.ts';

type Handler = (request: Request) => Response | Promise<Response>;

const privileged = new Set<string>();

/** Where the pages of a session really are: Chromium knows no `app:`, so a loopback server stands in for each scheme. */
export class SchemeMap {
  readonly #servers = new Map<string, Server>();

  handle(scheme: string, handler: Handler): void {
    if (!privileged.has(scheme))
      throw new Error(`${scheme}: was not registered as privileged before the app was ready`);
    const server = createServer(async (request, response) => {
      const host = (request.headers.host ?? '').split(`.${scheme}.localhost`)[0];
      const answer = await handler(
        new Request(`${scheme}://${host}${request.url}`, { method: request.method ?? 'GET' }),
      );
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    this.#servers.set(scheme, server.listen(0, '127.0.0.1'));
  }

  /** `app://bundle/x` as `http://bundle.app.localhost:PORT/x`; any other address as it is. */
  async toReal(address: string): Promise<string> {
    const url = new URL(address);
    const server = this.#servers.get(url.protocol.slice(0, -1));
    if (!server) return address;
    if (!server.listening) await once(server, 'listening');
    return `http://${url.host}.${url.protocol.slice(0, -1)}.localhost:${portOf(server)}${url.pathname}${url.search}${url.hash}`;
  }

  /** The reverse of `toReal`. */
  toApp(address: string): string {
    for (const [scheme, server] of this.#servers) {
      const match = new RegExp(`^http://([^/:]+)\\.${scheme}\\.localhost:${portOf(server)}(/.*)?$`).exec(address);
      if (match) return `${scheme}://${match[1]}${match[2] ?? '/'}`;
    }
    return address;
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

function createSession() {
  const schemes = new SchemeMap();
  return strict('session', {
    schemes,
    protocol: strict('session.protocol', {
      handle: (scheme: string, handler: Handler) => schemes.handle(scheme, handler),
    }),
    // A headless Chromium grants nothing anyway.
    setPermissionRequestHandler(_handler: unknown) {},
    setPermissionCheckHandler(_handler: unknown) {},
    setDevicePermissionHandler(_handler: unknown) {},
  });
}

export type StandInSession = ReturnType<typeof createSession>;

const partitions = new Map<string, StandInSession>();

export const session = strict('session', {
  fromPartition(name: string): StandInSession {
    const found = partitions.get(name) ?? createSession();
    partitions.set(name, found);
    return found;
  },
});

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string }[]) {
    for (const { scheme } of schemes) privileged.add(scheme);
  },
});
