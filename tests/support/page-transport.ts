import { onTestFinished } from 'vitest';
import type { BrowserHost } from '#hosts/browser/server.ts';
import type { PageTransport } from '../../src/renderer/bridge/transport.ts';
import { connectSocket } from '../../src/renderer/bridge/transport-socket.ts';

/** The page's transport until it is closed, which a page never does. */
export interface OpenTransport extends PageTransport {
  close(): void;
}

/** Connects the page's own WebSocket transport, run in Node, to a browser host. */
export function connectTransport({ port, token }: Pick<BrowserHost, 'port' | 'token'>): OpenTransport {
  const sockets = new Set<WebSocket>();
  const connect = globalThis.WebSocket;
  class Watched extends connect {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.add(this);
    }
  }
  globalThis.WebSocket = Watched;
  const transport = connectSocket({
    address: `http://127.0.0.1:${port}`,
    token: () => token,
    upload: () => Promise.reject(new Error('a page uploads, not a test')),
    onNewToken: () => {},
  });
  const close = () => {
    globalThis.WebSocket = connect;
    for (const socket of sockets) {
      socket.onclose = null;
      socket.close();
    }
  };
  return Object.assign(transport, { close });
}

/** The page's own WebSocket transport, run in Node, for as long as the test. */
export function openTransport(host: Pick<BrowserHost, 'port' | 'token'>): PageTransport {
  const transport = connectTransport(host);
  onTestFinished(() => transport.close());
  return transport;
}
