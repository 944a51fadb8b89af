import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLocalTable, parseNetTable } from '#engine/doctor/net-tables.ts';
import { isBroadcast, isInNetwork, isLinkLocal, isPrivate } from '#engine/ip-address.ts';

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 4711 1 00000000bf9ef031 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 06 00000000:00000000 03:00000176 00000000     0        0 0 3 0000000000000000
   2: 0100007F:C351 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000000000000000 20 4 30 10 -1
   a line that is none
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 99 1 0 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 98 1 0 100 0 0 10 0
`;
const unix = `Num       RefCount Protocol Flags    Type St Inode Path
00000000d906bd27: 00000003 00000000 00000000 0001 03  1191
0000000025d4be93: 00000002 00000000 00010000 0001 01  1192 /tmp/a b.sock
0000000025d4be94: 00000002 00000000 00000000 0002 01  1193 /dev/log
`;
const all = () => true;

describe.runIf(process.platform === 'linux')('the tables of /proc/net', () => {
  test('give each socket with its address, port, state, queue and owner', () => {
    expect(parseNetTable(tcp, 'tcp', all)).toEqual([
      { host: '127.0.0.1', family: 4, port: 8_080, state: 'listening', waiting: 3, userId: 1_000, inode: '4711' },
      { host: '127.0.0.1', family: 4, port: 8_080, state: 'ended', waiting: 0, userId: 0, inode: '0' },
      { host: '127.0.0.1', family: 4, port: 50_001, state: 'connected', waiting: 0, userId: 1_000, inode: '4712' },
    ]);
    expect(parseNetTable(tcp, 'tcp', (port, state) => port === 8_080 && state === 'listening')).toHaveLength(1);
  });

  test('give IPv6 in short, and IPv4 that is mapped into it as IPv4', () => {
    expect(parseNetTable(tcp6, 'tcp', all).map(({ host, family }) => [host, family])).toEqual([
      ['::1', 6],
      ['127.0.0.1', 4],
    ]);
  });

  test('give local sockets with their path, spaces and all', () => {
    expect(parseLocalTable(unix)).toEqual([
      { path: '/tmp/a b.sock', kind: 'stream', listening: true, inode: '1192' },
      { path: '/dev/log', kind: 'datagram', listening: false, inode: '1193' },
    ]);
  });

  test('may hold anything', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => {
        expect(parseNetTable(text, 'udp', all)).toEqual([]);
        parseLocalTable(text);
      }),
    );
  });
});

describe('addresses', () => {
  test('are told apart by what they reach', () => {
    expect(['10.1.2.3', '172.16.0.1', '192.168.3.4', 'fd00::1', '100.64.0.1'].every(isPrivate)).toBe(true);
    expect(['8.8.8.8', '172.32.0.1', '2606:4700::1', 'a name'].some(isPrivate)).toBe(false);
    expect(['fe80::1', 'febf::1%eth0'].every(isLinkLocal)).toBe(true);
    expect(['fec0::1', '169.254.0.1', 'fe80'].some(isLinkLocal)).toBe(false);
    expect(isInNetwork('192.168.1.9', '192.168.1.20/24')).toBe(true);
    expect(isInNetwork('192.168.2.9', '192.168.1.20/24')).toBe(false);
    expect(isInNetwork('fe80::9%eth0', 'fe80::1/64')).toBe(true);
    expect(isInNetwork('::1', '')).toBe(false);
    expect(isBroadcast('192.168.1.255', ['192.168.1.20/24'])).toBe(true);
    expect(isBroadcast('192.168.1.255', ['192.168.0.1/16'])).toBe(false);
    expect(isBroadcast('255.255.255.255', [])).toBe(true);
    expect(isBroadcast('127.0.0.1', ['127.0.0.1/32'])).toBe(false);
  });
});
