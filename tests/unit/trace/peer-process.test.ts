import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { endianness } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hexAddress, inodeOf, peerProcess } from '#trace/peer-process.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:3039 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 111 1
   1: 0100007F:C8DE 0100007F:3039 01 00000000:00000000 00:00000000 00000000  1000        0 222 1
   2: 0100007F:3039 0100007F:C8DE 06 00000000:00000000 00:00000000 00000000  1000        0 0 1
`;

describe.runIf(endianness() === 'LE')('a table of connections', () => {
  it.each([
    ['127.0.0.1', 12_345, ['0100007F:3039', '0000000000000000FFFF00000100007F:3039']],
    ['::1', 80, ['00000000000000000000000001000000:0050']],
    ['::ffff:127.0.0.1', 80, ['0100007F:0050', '0000000000000000FFFF00000100007F:0050']],
    ['fe80::1', 1, ['000080FE000000000000000001000000:0001']],
    ['localhost', 80, []],
  ])('has %s port %i as %j', (host, port, written) => {
    expect(hexAddress(host, port)).toEqual(written);
  });

  it('gives the inode of the socket with both addresses, and none for one that has no inode any more', () => {
    const [server, client] = [hexAddress('127.0.0.1', 12_345), hexAddress('127.0.0.1', 51_422)];
    expect(inodeOf(table, [client, server])).toBe('222');
    expect(inodeOf(table, [server, client])).toBeUndefined();
    expect(inodeOf('garbage\n\u0000', [client, server])).toBeUndefined();
  });
});

describe('the process at the other end', () => {
  it.each(['127.0.0.1:1', '192.0.2.1:80', '', 'garbage', '[::1]:1'])(
    'of a connection to “%s” is not known',
    async (peer) => {
      expect(await peerProcess('127.0.0.1:2', peer)).toBeUndefined();
    },
  );

  it.runIf(process.platform === 'linux').each(['127.0.0.1', '::1'])(
    'of a connection over %s is named',
    async (host) => {
      const server = net.createServer();
      onTestFinished(() => void server.close());
      server.listen(0, host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const code = `require('net').connect(${port}, ${JSON.stringify(host)})`;
      const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
      onTestFinished(() => void child.kill());
      const [socket] = (await once(server, 'connection')) as [net.Socket];
      socket.on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      const written = (address: string | undefined, at: number | undefined) =>
        host === '::1' ? `[${address}]:${at}` : `${address}:${at}`;
      const ends = [
        written(socket.localAddress, socket.localPort),
        written(socket.remoteAddress, socket.remotePort),
      ] as const;
      expect(await peerProcess(...ends)).toMatchObject({ pid: child.pid, name: expect.stringMatching(/\(\d+\)$/) });
    },
  );
});
