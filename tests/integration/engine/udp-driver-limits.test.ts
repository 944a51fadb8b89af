import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { serverLimits } from '#support/config.ts';
import { BoundUdp, UdpClient } from '#support/udp.ts';

const linux = process.platform === 'linux';
const flood = fileURLToPath(new URL('../../support/peers/udp_flood.py', import.meta.url));

test('further peers than maxConnections are dropped, and reported together', async () => {
  await using bound = await BoundUdp.open({ limits: { ...serverLimits, maxConnections: 2 } });
  const clients = await Promise.all(Array.from({ length: 12 }, () => UdpClient.open(bound.port)));
  for (const client of clients) await client.send('12345');
  await bound.limit('maxConnections');
  await bound.until(() => sumOf(bound.limits('maxConnections').map(({ text }) => text)) === 10);
  expect(bound.udpPeers).toHaveLength(2);
  expect(bound.limits('maxConnections')[0]?.text).toBe(
    '1 datagram (5 B) was dropped: sent by new peers while 2 peers are open, the maximum of this socket (maxConnections)',
  );
  bound.udpPeers[0]?.socket.close();
  await clients[11]?.send('room now');
  expect(String(await (await bound.udpPeer(2)).datagram())).toBe('room now');
  for (const client of clients) client.socket.destroy();
});

test('datagrams that arrive while reading is stopped are dropped, and reported when it continues', async () => {
  await using bound = await BoundUdp.open();
  await using client = await UdpClient.open(bound.port);
  await client.send('heard');
  const udpPeer = await bound.udpPeer();
  await udpPeer.datagram();
  udpPeer.socket.pause();
  for (const text of ['a', 'bb', 'ccc']) await client.send(text);
  // Another peer's datagram comes after them.
  await using other = await UdpClient.open(bound.port);
  await other.send('after');
  await (await bound.udpPeer(1)).datagram();
  expect(udpPeer.limits[0]?.limit).toBe('paused');
  udpPeer.socket.resume();
  await client.send('again');
  expect(String(await udpPeer.datagram(1))).toBe('again');
  const texts = udpPeer.limits.map(({ text }) => text);
  expect(sumOf(texts)).toBe(3);
  expect(texts[0]).toBe(
    '1 datagram (1 B) was dropped: reading is stopped, and UDP has no flow control to make the peer wait',
  );
});

test.runIf(linux)('what the kernel dropped is counted to the last datagram', async () => {
  await using bound = await BoundUdp.open({}, { receiveBuffer: 4_096 });
  // The process does not read while it waits for this one.
  spawnSync('python3', [flood, String(bound.port), '500', '1000']);
  const udpPeer = await bound.udpPeer();
  const { text } = await bound.limit('receiveBuffer');
  const dropped = Number(/dropped (\d+) datagrams/.exec(text)?.[1]);
  expect(dropped).toBeGreaterThan(0);
  expect(udpPeer.data.length + dropped).toBe(500);
  expect(text).toContain('Raise the receive buffer (SO_RCVBUF)');
});

test.runIf(linux)('what the kernel dropped is reported before the socket is closed', async () => {
  const bound = await BoundUdp.open({}, { receiveBuffer: 4_096 });
  spawnSync('python3', [flood, String(bound.port), '100', '1000']);
  await bound.listening.stop();
  expect(bound.limits('receiveBuffer')).toHaveLength(1);
});

test.runIf(linux)('a buffer that the system limits is reported', async () => {
  await using bound = await BoundUdp.open({}, { receiveBuffer: 1_073_741_823 });
  expect(bound.limits('receiveBuffer')[0]?.text).toMatch(/^SO_RCVBUF is \d+ bytes instead of the requested 1073741823/);
  await using client = await UdpClient.open(bound.port, {}, { sendBuffer: 1_073_741_823 });
  expect((await client.limit('sendBuffer')).text).toContain('net.core.wmem_max');
});

/** How many datagrams these texts report. */
function sumOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
}
