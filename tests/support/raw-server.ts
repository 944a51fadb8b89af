import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { expect } from 'vitest';

export interface RawServer extends AsyncDisposable {
  readonly address: string;
  /** When the first connection has closed. */
  readonly closed: Promise<{ hadError: boolean }>;
}

/** A plain server of Node's on a port of the system's choice. */
export async function rawServer(
  onConnection: (socket: net.Socket) => void,
  options: net.ServerOpts = {},
): Promise<RawServer> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer(options);
  const closed = new Promise<{ hadError: boolean }>((resolve) => {
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', (hadError) => resolve({ hadError }));
      onConnection(socket);
      socket.resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    closed,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port that was free a moment ago, for programs that cannot choose one and say so. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when something listens on `port`, without connecting to it: the peers take one connection only. */
export async function untilListening(port: number): Promise<void> {
  const row = new RegExp(` 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A `);
  await expect.poll(() => readFile('/proc/net/tcp', 'latin1'), { timeout: 20_000, interval: 20 }).toMatch(row);
}
