import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFile, unpack } from '#session/convert/import/detect-file.ts';
import { importSession } from '#session/convert/import/import-session.ts';
import { ByteReader } from '#shared/pcap/reading/capture-file.ts';
import { ethernet, pcap, pcapng, tcp } from '#support/captures.ts';
import { cases, Reached } from '#support/cases.ts';
import { fixture, ImportFolder, streamOf, withTimes } from '#support/imports.ts';
import { followed, packets } from '#support/tshark.ts';

describe('importing a capture of the system', () => {
  it.each(['loopback.pcap', 'any-interface.pcap'])(
    '%s gives the bytes and the ends that tshark finds',
    async (name) => {
      using folder = new ImportFolder();
      const result = await folder.imported(readFileSync(fixture(name)));
      expect(result.notice).toBe('');
      expect(result.imported).toMatchObject({ sockets: 5, notice: '' });
      for (const [stream, socket] of [1, 2, 3].entries()) {
        const [first, other] = await followed(fixture(name), stream);
        expect(Buffer.compare(streamOf(result, socket, 'out'), first)).toBe(0);
        expect(Buffer.compare(streamOf(result, socket, 'in'), other)).toBe(0);
        expect(first.length).toBe(3_048);
      }
      const segments = await packets(fixture(name), 'tcp.len > 0 || udp', 'frame.time_epoch');
      const messages = result.records.filter(({ kind }) => kind === 'in' || kind === 'out');
      expect(messages.length).toBe(segments.length);
      for (const [index, { at }] of messages.entries()) {
        // What is recorded counts microseconds, these captures nanoseconds.
        expect(Math.abs(at - Number(segments[index]?.[0]) * 1_000)).toBeLessThan(0.001);
      }
      const kinds = (socket: number) =>
        result.records.filter((record) => record.socket === socket).map(({ kind }) => kind);
      expect(kinds(1).filter((kind) => kind !== 'in' && kind !== 'out')).toEqual([
        ...['connecting', 'opened', 'shutdown', 'ended', 'closed'],
      ]);
      expect(result.records.filter(({ event }) => event?.kind === 'closed').map(({ event }) => event)).toMatchObject([
        ...[{ cause: 'local' }, { cause: 'local' }, { cause: 'reset-by-us' }],
        ...[
          { cause: 'failed', errno: 'ECONNREFUSED' },
          { cause: 'stopped', text: 'the capture ended' },
        ],
      ]);
      expect(result.sockets.map(({ transport }) => transport)).toEqual(['tcp', 'tcp', 'tcp', 'tcp', 'udp']);
    },
  );

  it('imports the packets before any truncation, and says that the capture ends early', async () => {
    using folder = new ImportFolder();
    const whole = readFileSync(fixture('loopback.pcap'));
    const all = await folder.imported(whole);
    const reached = new Reached<'between packets' | 'inside a packet'>();
    const wholeOut = [1, 2, 3].map((socket) => streamOf(all, socket, 'out'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 24, max: whole.length - 1 }), async (length) => {
        const result = await folder.imported(whole.subarray(0, length));
        for (const [index, out] of wholeOut.entries()) {
          const part = streamOf(result, index + 1, 'out');
          expect(Buffer.compare(part, out.subarray(0, part.length))).toBe(0);
        }
        const notice = result.imported.notice.replace(/ ?No messages were imported\.$/, '');
        expect(notice !== result.imported.notice).toBe(result.imported.messages === 0);
        reached.note(notice === '' ? 'between packets' : 'inside a packet');
        if (notice !== '') {
          expect(notice).toContain('The capture ends early');
          expect(result.records.at(-1)).toMatchObject({ socket: 0, event: { kind: 'problem', text: notice } });
        }
      }),
      cases(40),
    );
    reached.expectEach(['inside a packet'], 20);
  });
});

describe('importing a compressed capture', () => {
  const plain = readFileSync(fixture('loopback.pcap'));

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['in one piece', gzipSync],
    ['in several members', (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 999)), gzipSync(bytes.subarray(999))])],
    ['padded with zeros', (bytes) => Buffer.concat([gzipSync(bytes), Buffer.alloc(600_000)])],
  ])('gives what the capture gives that it was made of: %s', async (_, compress) => {
    using folder = new ImportFolder();
    const right = await folder.imported(plain);
    const result = await folder.imported(compress(plain));
    expect(result.imported.notice).toBe('');
    expect(withTimes(result.records)).toEqual(withTimes(right.records));
    expect(result.sockets).toEqual(right.sockets);
    expect(folder.files.filter((name) => !/^\d\.(source|wirebench)$/.test(name))).toEqual([]);
  });

  it('also pcapng, and says what a file is by what it unpacks to', async () => {
    using folder = new ImportFolder();
    const bytes = gzipSync(pcapng(ethernet([tcp({ seq: 1, flags: 'PA', data: 'data' })])));
    const result = await folder.imported(bytes);
    expect(streamOf(result, 1, 'out').toString()).toBe('data');
    expect(await detectFile(folder.file('1.source'))).toEqual({ ok: true, value: 'pcapng' });
  });

  it.each<[string, (whole: Buffer) => Buffer]>([
    ['that is truncated', (whole) => whole.subarray(0, whole.length - 400)],
    ['with a wrong checksum', (whole) => Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8, 1)])],
    ['with something else after it', (whole) => Buffer.concat([whole, Buffer.alloc(100_000, 7)])],
  ])('%s gives what is before the damage, and says in its last record that there is some', async (_, damage) => {
    using folder = new ImportFolder();
    const right = await folder.imported(plain);
    // The first 64 KiB show what it is.
    const noise = tcp({ seq: 1, flags: 'PA', data: randomBytes(60_000) });
    const after = pcap(ethernet([noise, noise]), { nanoseconds: true }).subarray(24);
    const result = await folder.imported(damage(gzipSync(Buffer.concat([plain, after]))));
    expect(result.imported.notice).toContain('The gzip file is damaged or ends early');
    expect(result.records.at(-1)).toMatchObject({
      socket: 0,
      event: { kind: 'problem', text: result.imported.notice },
    });
    for (const socket of [1, 2, 3]) {
      expect(Buffer.compare(streamOf(result, socket, 'out'), streamOf(right, socket, 'out'))).toBe(0);
    }
  });

  it('leaves nothing where it is cancelled while it unpacks', async () => {
    using folder = new ImportFolder();
    const source = folder.file('big.pcap.gz');
    // Noise does not compress: there is something to unpack for several steps.
    writeFileSync(source, gzipSync(Buffer.concat([plain, randomBytes(24 * 1_048_576)]), { level: 1 }));
    const abort = new AbortController();
    const importing = importSession({
      ...{ source, target: folder.file('out.wirebench'), name: 'import', appVersion: 'test', signal: abort.signal },
      onProgress: () => abort.abort(),
    });
    expect(await importing).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(folder.files).toEqual(['big.pcap.gz']);
  });

  it('is not unpacked beyond the cap', async () => {
    using folder = new ImportFolder();
    const bomb = gzipSync(Buffer.alloc(8 * 1_048_576));
    let at = 0;
    const reader = new ByteReader((into) => {
      const count = bomb.copy(into, 0, at);
      at += count;
      return count;
    });
    const job = { isCancelled: () => false, onStep: () => undefined };
    expect(await unpack(reader, folder.file('unpacked'), { ...job, maxBytes: 1_048_576 })).toBe('too-large');
    expect(statSync(folder.file('unpacked')).size).toBeLessThanOrEqual(1_048_576);
  });
});
