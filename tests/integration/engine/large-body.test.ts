import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { messageFlags } from '#shared/message/flags.ts';
import { serverLimits } from '#support/config.ts';
import { TestEngine } from '#support/engine.ts';
import { startPeer } from '#support/peer.ts';
import { SessionFolder } from '#support/session.ts';

const size = 40_000_000;
const piece = 16 * 1_048_576;

test('a download of 40 MB from http.server comes in pieces, and the next response is framed after it', async () => {
  await using folder = new SessionFolder();
  // Start lines are all there is: none of them is one.
  const body = Buffer.alloc(size, 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc');
  await writeFile(folder.file('large.bin'), body);
  await writeFile(folder.file('small.txt'), 'small');
  await using server = await startPeer('http_files.py', folder.path);
  await using bench = new TestEngine();
  const limits = { ...serverLimits, maxMessage: piece };
  const { socket } = await bench.connect(Number(await server.line()), { framing: { kind: 'http' }, limits });
  const get = (path: string) => Buffer.from(`GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await bench.send([socket], get('large.bin'));
  await bench.send([socket], get('small.txt'));
  const records = await bench.log.until((log) => {
    const all = log.of(socket).filter(({ kind }) => kind === 'in');
    return all.at(-1)?.bytes.subarray(-5).toString() === 'small' && all;
  });
  const { truncated } = messageFlags;
  expect(records.map(({ flags }) => flags & ~messageFlags.text)).toEqual([truncated, truncated, 0, 0]);
  const large = Buffer.concat(records.slice(0, 3).map(({ bytes }) => bytes));
  expect(large.subarray(large.indexOf('\r\n\r\n') + 4).equals(body)).toBe(true);
  expect(records[3]?.bytes.toString('latin1')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(bench.log.of(socket).flatMap(({ kind, event }) => (kind === 'limited' ? [event] : []))).toMatchObject([
    { text: `a body of ${size} bytes is recorded in pieces of at most ${piece} (maxMessage)` },
  ]);
  expect(bench.log.of(socket).some(({ kind }) => kind === 'malformed')).toBe(false);
});
