import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFile, unpack } from '#session/convert/import/detect-file.ts';
import { importSession } from '#session/convert/import/import-session.ts';
import { ByteReader } from '#shared/pcap/reading/capture-file.ts';
import { formatAddress } from '#shared/socket/address.ts';
import { client, ethernet, handshakeOf, ip, pcap, pcapng, server, startAt, tcp, udp } from '#support/captures.ts';
import { cases, Reached } from '#support/cases.ts';
import { ImportFolder, type SessionContent, withTimes } from '#support/imports.ts';
import { acceptedSocket, recordMessages, SessionFolder } from '#support/session.ts';
import { steps, writeSession } from '#support/session-script.ts';
import { followed, packets } from '#support/tshark.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

/** The bytes that one side of a socket sent. */
function streamOf({ records }: SessionContent, socket: number, direction: 'in' | 'out'): Buffer {
  return Buffer.concat(
    records.flatMap((record) => (record.socket === socket && record.kind === direction ? [record.bytes] : [])),
  );
}

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

  it('imports the packets before any cut, and says that the capture ends early', async () => {
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
        const { notice } = result.imported;
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
    ['with something else behind it', (whole) => Buffer.concat([whole, Buffer.alloc(100_000, 7)])],
  ])('%s gives what is before the damage, and says in its last record that there is some', async (_, damage) => {
    using folder = new ImportFolder();
    const right = await folder.imported(plain);
    // The first 64 KiB tell what it is.
    const noise = tcp({ seq: 1, flags: 'PA', data: randomBytes(60_000) });
    const behind = pcap(ethernet([noise, noise]), { nanoseconds: true }).subarray(24);
    const result = await folder.imported(damage(gzipSync(Buffer.concat([plain, behind]))));
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
    const task = { isCancelled: () => false, onStep: () => undefined };
    expect(await unpack(reader, folder.file('unpacked'), { ...task, maxBytes: 1_048_576 })).toBe('too-large');
    expect(statSync(folder.file('unpacked')).size).toBeLessThanOrEqual(1_048_576);
  });
});

describe('importing what Wirebench exported', () => {
  it('as JSON lines gives the same records', async () => {
    using folder = new ImportFolder();
    let files = 0;
    const reached = new Reached<'nothing' | 'records'>();
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        files += 1;
        const path = folder.file(`session-${files}.wirebench`);
        writeSession(path, script, true);
        const exported = await folder.export(path, 'jsonl');
        const text = readFileSync(exported);
        reached.note(text.length === 0 ? 'nothing' : 'records');
        // A file without a line is no export that can be told from any other.
        if (text.length === 0) {
          expect(folder.read(path).records).toEqual([]);
          return;
        }
        const again = await folder.imported(text);
        expect(again.imported.notice).toBe('');
        expect(withTimes(again.records)).toEqual(withTimes(folder.read(path).records));
      }),
      cases(40),
    );
    reached.expectEach(['records'], 20);
  });

  it('as JSON lines keeps the transport and the ends of sockets', async () => {
    using folder = new ImportFolder();
    const result = await folder.imported(readFileSync(fixture('loopback.pcap')));
    const again = await folder.imported(readFileSync(await folder.export(result.imported.path, 'jsonl')));
    expect(again.sockets).toEqual(result.sockets);
    expect(withTimes(again.records)).toEqual(withTimes(result.records));
  });

  it('as pcapng gives the same messages, sides, ends, bookmarks and notes', async () => {
    await using sessions = new SessionFolder();
    using folder = new ImportFolder();
    const log = sessions.create('run.wirebench');
    const at = Date.now();
    const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
    const peer = { host: '127.0.0.1', port: 51_422, family: 4 } as const;
    log.describe({ ...acceptedSocket, local: formatAddress(local), peer: formatAddress(peer) });
    log.event(1, at, { kind: 'accepted', local, peer, listener: 0 });
    recordMessages(log, 'in', [Buffer.from('one\n'), Buffer.alloc(200_000, 'long '), Buffer.from('two\n')], 0, at + 1);
    const reply = recordMessages(log, 'out', [Buffer.from('Message received!')], 0, at + 2);
    log.event(1, at + 3, { kind: 'ended' });
    log.event(1, at + 4, { kind: 'shutdown' });
    log.event(1, at + 4, { kind: 'closed', cause: 'peer', bytesIn: 200_008, bytesOut: 17 });
    await log.flush();
    await log.mark(reply, { bookmarked: true, note: 'look here' });
    const saved = await log.ask('save', { format: 'pcapng', path: folder.file('run.pcapng') });
    expect(saved.ok).toBe(true);
    const result = await folder.imported(readFileSync(folder.file('run.pcapng')));
    await log.close();
    expect(withTimes(result.records)).toEqual(withTimes(folder.read(log.path).records));
    expect(result.sockets).toMatchObject([
      { role: 'accepted', local: formatAddress(local), peer: formatAddress(peer) },
    ]);
    expect(result.marks).toEqual([{ seq: reply, bookmarked: true, note: 'look here' }]);
  });
});

describe('importing any file', () => {
  it('says in words what it is not', async () => {
    using folder = new ImportFolder();
    const session = folder.file('run.wirebench');
    writeSession(session, [], true);
    const cases: [string | Uint8Array, string, string][] = [
      ['', 'not-a-session', 'the file is empty'],
      ['some notes of mine', 'not-a-session', ''],
      ['{"name":"package"}\n', 'not-a-session', ''],
      [Buffer.from([0x1f, 0x8b, 8, 0]), 'not-a-session', 'it is compressed with gzip, and does not contain a capture'],
      [gzipSync('some notes of mine'), 'not-a-session', 'it is compressed with gzip, and does not contain a capture'],
      [gzipSync(readFileSync(session)), 'not-a-session', 'it is a session, compressed with gzip'],
      [readFileSync(session), 'wrong-state', ''],
    ];
    for (const [bytes, code, system] of cases) {
      const { result } = await folder.import(bytes);
      expect(result).toMatchObject({ ok: false, error: { code, system } });
      expect(!result.ok && result.error.hint).not.toBe('');
    }
    expect(folder.files.filter((name) => name.endsWith('.part') || name === '1.wirebench')).toEqual([]);
  });

  it('takes a capture with any changes and never breaks', async () => {
    using folder = new ImportFolder();
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 60 });
    const origins = [
      readFileSync(fixture('any-interface.pcap')),
      pcapng(ethernet([...handshakeOf(), tcp({ seq: 1, flags: 'PA', data: 'data' })]), { writer: 'Wirebench 1' }),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...origins), changes, async (origin, places) => {
        const bytes = Buffer.from(origin);
        for (const [at, value] of places) bytes[4 + (at % (bytes.length - 4))] = value;
        const { records, notice } = await folder.imported(bytes);
        expect(notice).toBe('');
        const closed = records.filter(({ kind }) => kind === 'closed').map(({ socket }) => socket);
        expect(new Set(closed).size).toBe(closed.length);
      }),
      cases(60),
    );
  });

  it('keeps of comments what a note has room for, and says how many are not whole', async () => {
    using folder = new ImportFolder();
    const frames = ethernet([
      ip(1, client, server, Buffer.alloc(8)),
      ip(1, client, server, Buffer.alloc(8)),
      udp({ data: 'x' }),
    ]);
    const comments = ['a'.repeat(3_000), 'b'.repeat(3_000), 'c'];
    const commented = frames.map((frame, index) => ({ ...frame, comment: comments[index] ?? '' }));
    const result = await folder.imported(pcapng(commented));
    expect(result.marks).toEqual([{ seq: 0, bookmarked: false, note: `${'a'.repeat(3_000)}\n${'b'.repeat(1_095)}` }]);
    expect(result.imported.notice).toContain('2 comments were omitted.');
  });

  it('of JSON lines passes over what is no record, and says which lines', async () => {
    using folder = new ImportFolder();
    const line =
      '{"seq":0,"at":"2026-03-01T15:04:05.124001Z","kind":"message","socket":2,"local":"a:1","peer":"b:2","direction":"in","length":1,"text":"x"}';
    const result = await folder.imported(`${line}\r\n\nno record\n${line}\n${line.slice(0, 50)}`);
    expect(result.records.map(({ kind, socket }) => [kind, socket])).toEqual([
      ['in', 2],
      ['in', 2],
      ['problem', 0],
    ]);
    expect(result.imported.notice).toBe('2 lines hold no whole record and were passed over: 3, 5.');
    expect(result.sockets).toMatchObject([{ id: 2, local: 'a:1', peer: 'b:2' }]);
  });
});

describe('importSession', () => {
  const start = (folder: ImportFolder, source: string) => ({
    ...{ source, target: folder.file('out.wirebench'), name: 'import', appVersion: 'test' },
  });

  it('imports in a thread of its own and tells how far it is', async () => {
    using folder = new ImportFolder();
    const imported = await importSession(start(folder, fixture('loopback.pcap')));
    expect(imported).toMatchObject({ ok: true, value: { sockets: 5, path: folder.file('out.wirebench') } });
    expect(folder.files).toEqual(['out.wirebench']);
    expect(await detectFile(folder.file('out.wirebench'))).toEqual({ ok: true, value: 'wirebench' });
    expect(await detectFile(fixture('loopback.pcap'))).toEqual({ ok: true, value: 'pcap' });
  });

  it('leaves no file where it is cancelled', async () => {
    using folder = new ImportFolder();
    // Enough packets for several slices of work.
    const packet = ethernet([tcp({ seq: 1, flags: 'PA', data: 'x'.repeat(1_000) })])[0];
    const many = Array.from({ length: 50_000 }, (_, index) => ({
      at: startAt + index,
      bytes: packet?.bytes as Buffer,
    }));
    writeFileSync(folder.file('big.pcap'), pcap(many));
    const abort = new AbortController();
    let told = 0;
    const importing = importSession({
      ...start(folder, folder.file('big.pcap')),
      signal: abort.signal,
      onProgress: () => {
        told += 1;
        abort.abort();
      },
    });
    // However fast it is: it is cancelled before it can have ended.
    setImmediate(() => abort.abort());
    expect(await importing).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(told).toBeLessThanOrEqual(1);
    expect(folder.files).toEqual(['big.pcap']);
  });

  it('overwrites nothing, and says what it cannot read or write', async () => {
    using folder = new ImportFolder();
    writeFileSync(folder.file('out.wirebench'), 'mine');
    const over = await importSession(start(folder, fixture('loopback.pcap')));
    expect(over).toMatchObject({ ok: false, error: { code: 'file', system: 'a file of this name exists' } });
    expect(readFileSync(folder.file('out.wirebench'), 'utf8')).toBe('mine');
    const missing = await importSession(start(folder, folder.file('none.pcap')));
    expect(missing).toMatchObject({ ok: false, error: { code: 'file' } });
    expect(!missing.ok && missing.error.system).toContain('ENOENT');
    const nowhere = { ...start(folder, fixture('loopback.pcap')), target: folder.file('none/out.wirebench') };
    const unwritten = await importSession(nowhere);
    expect(!unwritten.ok && unwritten.error.system).toContain('ENOENT');
    expect(folder.files).toEqual(['out.wirebench']);
  });
});
