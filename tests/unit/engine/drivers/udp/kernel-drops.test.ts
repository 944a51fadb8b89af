import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDrops } from '#engine/drivers/udp/kernel-drops.ts';

const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  123: 0100007F:3039 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 54321 2 0000000000000000 17
  123: 0100007F:3039 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 54322 2 0000000000000000 5
  124: 00000000:3039 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 54323 2 0000000000000000 9
  125: 0100007F:303A 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 54324 2 0000000000000000 2
`;
const udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
    1: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000000000000000 3
    2: 000080FE00000000FF00FC00010000FE:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2 2 0000000000000000 4
    3: 00000000000000000000000000000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3 2 0000000000000000 6
    4: 0000000000000000FFFF00000100007F:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4 2 0000000000000000 8
`;

test.each([
  ['127.0.0.1', 12_345, 2, 22],
  ['0.0.0.0', 12_345, 1, 9],
  ['127.0.0.1', 12_346, 1, 2],
  ['127.0.0.1', 9, 0, 0],
])('of %s:%i there are %i sockets with %i drops', (host, port, sockets, drops) => {
  expect(parseDrops(udp, { host, port, family: 4 }, 'LE')).toEqual({ sockets, drops });
});

test.each([
  ['::1', 3],
  ['::', 6],
  ['fe80::fc:ff:fe00:1%eth0', 4],
  ['::ffff:127.0.0.1', 8],
])('of [%s]:53 there are %i drops', (host, drops) => {
  expect(parseDrops(udp6, { host, port: 53, family: 6 }, 'LE')).toEqual({ sockets: 1, drops });
});

test('the words of an address are in the byte order of the machine', () => {
  const table = udp.replaceAll('0100007F', '7F000001');
  expect(parseDrops(table, { host: '127.0.0.1', port: 12_345, family: 4 }, 'BE').drops).toBe(22);
});

test('whatever the table holds, reading it gives a count', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (line, fields) => {
      const table = `head\n${line}\n 1: 0100007F:3039 ${fields.join(' ')}\n 1: ${line}:3039 x`;
      const { drops, sockets } = parseDrops(table, { host: '127.0.0.1', port: 12_345, family: 4 }, 'LE');
      expect(Number.isSafeInteger(drops) && Number.isSafeInteger(sockets)).toBe(true);
    }),
  );
});
