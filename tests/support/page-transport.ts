import { onTestFinished } from 'vitest';
import type { BrowserHost } from '#hosts/browser/server.ts';
import type { PageTransport } from '../../src/renderer/client/transport.ts';
import { connectSocket } from '../../src/renderer/client/transport-socket.ts';

/** The page's own WebSocket transport, run in Node, for as long as the test. */
export function openTransport(host: Pick<BrowserHost, 'port' | 'token'>): PageTransport {
  const sockets = new Set<WebSocket>();
  const connect = globalThis.WebSocket;
  const { port, token } = host;
  class Watched extends connect {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      sockets.add(this);
    }
  }
  globalThis.WebSocket = Watched;
  onTestFinished(() => {
    globalThis.WebSocket = connect;
    for (const socket of sockets) {
      socket.onclose = null;
      socket.close();
    }
  });
  return connectSocket({
    address: `http://127.0.0.1:${port}`,
    token: () => token,
    upload: () => Promise.reject(new Error('a page uploads, not a test')),
    onNewToken: () => {},
  });
}
