import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFreePort, findHolder } from '#engine/doctor/port-holder.ts';
import { thisSystem } from '#engine/doctor/system.ts';
import type { Address } from '#shared/socket/address.ts';
import { Peer, startPeer } from '#support/peer.ts';

const onLinux = process.platform === 'linux';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(os.tmpdir(), 'doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('this machine', () => {
  test.runIf(onLinux)('names the program that listens on a port, and how many connections wait for it', async () => {
    await using peer = await startPeer('full_queue.py');
    const port = Number(await peer.line());
    const listening = (at: number, state: string) => at === port && state === 'listening';
    const [listener] = (await thisSystem.sockets('tcp', listening)) ?? [];
    expect(listener).toMatchObject({ host: '127.0.0.1', port, family: 4, userId: os.userInfo().uid });
    expect(listener?.waiting).toBeGreaterThan(0);
    const holder = await findHolder([listener?.inode ?? '']);
    expect(holder?.name).toMatch(/^python3?(\.\d+)?$/);
  });

  test.runIf(onLinux)('names ourselves', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const [listener] = (await thisSystem.sockets('tcp', (at) => at === port)) ?? [];
    expect((await findHolder([listener?.inode ?? '']))?.pid).toBe(process.pid);
    await new Promise((resolve) => server.close(resolve));
  });

  test('knows no holder of a path that is not a socket', async () => {
    expect(await findHolder([])).toBeUndefined();
    expect(await findHolder(['4294967295999'])).toBeUndefined();
  });

  test('offers a free port that can be bound', async () => {
    await using holder = await startPeer('full_queue.py');
    const wanted = Number(await holder.line());
    const free = (await findFreePort('127.0.0.1', wanted)) as number;
    expect(free).not.toBe(wanted);
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(free, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
    expect(await findFreePort('127.0.0.1', wanted, 'udp')).toBeGreaterThan(0);
    expect(await findFreePort('192.0.2.111', wanted)).toBeUndefined();
    expect(await findFreePort('192.0.2.111', wanted, 'udp')).toBeUndefined();
  });

  test.runIf(onLinux)('reports the limits that the system reports', async () => {
    await using peer = new Peer('python3', [
      '-c',
      'import resource;print(resource.getrlimit(resource.RLIMIT_NOFILE)[0]);' +
        "print(open('/proc/sys/net/ipv4/ip_unprivileged_port_start').read().strip())",
    ]);
    const files = await thisSystem.openFiles();
    // Node raises its soft limit to the hard one, so that the child's is at most ours.
    expect(files?.limit).toBeGreaterThanOrEqual(Number(await peer.line()));
    expect(files?.open).toBeGreaterThan(2);
    expect(await thisSystem.unprivilegedPort()).toBe(Number(await peer.line()));
    expect(await thisSystem.localPorts()).toHaveLength(2);
  });

  test('has the loopback among its addresses, and resolves localhost', async () => {
    expect(thisSystem.interfaces()).toContainEqual(
      expect.objectContaining({ host: '127.0.0.1', family: 4, loopback: true, cidr: '127.0.0.1/8' }),
    );
    expect(await thisSystem.resolve('localhost')).toContain('127.0.0.1');
    expect(await thisSystem.resolve('no-such-host.invalid')).toEqual([]);
  });

  test.runIf(process.platform !== 'win32')('reports what is at a path', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const socket = join(folder, 'socket');
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const { username } = os.userInfo();
    expect(await thisSystem.path(file)).toMatchObject({ kind: 'file', owner: username, readable: true });
    expect(await thisSystem.path(socket)).toMatchObject({ kind: 'socket', folder, folderWritable: true });
    expect(await thisSystem.path(folder)).toMatchObject({ kind: 'folder' });
    expect(await thisSystem.path(join(folder, 'a', 'b'))).toMatchObject({ kind: 'missing', folderExists: false });
    if (onLinux) {
      expect(await thisSystem.localSockets()).toContainEqual(
        expect.objectContaining({ path: socket, listening: true }),
      );
    }
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a probe', () => {
  /** Runs `look` at a port of a server that does `serve` with each connection. */
  async function against<T>(server: net.Server, look: (address: Address) => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const found = await look({ host: '127.0.0.1', port, family: 4 });
    await new Promise((resolve) => server.close(resolve));
    return found;
  }
  const plain = (serve: (socket: net.Socket) => void) => {
    return net.createServer((socket) => serve(socket.on('error', () => {}).resume()));
  };

  test('reports which address accepts and which refuses', async () => {
    let gone: Address | undefined;
    const answer = await against(
      plain(() => {}),
      (address) => {
        gone = address;
        return thisSystem.probe(address, 1_000);
      },
    );
    expect(answer).toBe('');
    expect(await thisSystem.probe(gone as Address, 1_000)).toBe('ECONNREFUSED');
    expect(await thisSystem.greeting(gone as Address, 1_000)).toBeUndefined();
    expect(await thisSystem.speaksTls(gone as Address, 1_000)).toBe(false);
  });

  test('reads a greeting, and no more of an endless one than it needs', async () => {
    const hello = await against(
      plain((socket) => socket.write('hello')),
      (address) => thisSystem.greeting(address, 1_000),
    );
    expect(String(hello)).toBe('hello');
    const endless = await against(
      plain((socket) => socket.write('x'.repeat(1_000_000))),
      (address) => thisSystem.greeting(address, 1_000),
    );
    expect(endless?.length).toBeLessThanOrEqual(1_024);
    const silent = await against(
      plain((socket) => socket.end()),
      (address) => thisSystem.greeting(address, 1_000),
    );
    expect(silent).toHaveLength(0);
  });

  test('recognizes TLS by its answer, also by an alert', async () => {
    // Without a certificate, the server ends each handshake with an alert.
    const secure = tls.createServer();
    expect(await against(secure, (address) => thisSystem.speaksTls(address, 1_000))).toBe(true);
    const http = plain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await against(http, (address) => thisSystem.speaksTls(address, 1_000))).toBe(false);
    const closing = plain((socket) => socket.end());
    expect(await against(closing, (address) => thisSystem.speaksTls(address, 1_000))).toBe(false);
  });
});
