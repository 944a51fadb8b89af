import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFile } from '#session/convert/import/detect-file.ts';
import { importSession } from '#session/convert/import/import-session.ts';
import { client, ethernet, handshakeOf, ip, pcap, pcapng, server, startAt, tcp, udp } from '#support/captures.ts';
import { cases } from '#support/cases.ts';
import { fixture, ImportFolder } from '#support/imports.ts';
import { writeSession } from '#support/session-script.ts';

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

  it('of JSON lines skips lines that are not records, and says which lines', async () => {
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

describe('an import without a single message', () => {
  const opened =
    '{"seq":0,"at":"2026-03-01T15:04:05.124001Z","kind":"shutdown","socket":2,"local":"a:1","peer":"b:2"}\n';
  it.each([
    ['a capture without packets', pcap([]), 0],
    ['a capture of connections without data', pcap(ethernet(handshakeOf())), undefined],
    ['JSON lines of events', opened, 1],
  ])('of %s says so', async (_, bytes, records) => {
    using folder = new ImportFolder();
    const { imported } = await folder.imported(bytes);
    expect(imported).toMatchObject({ messages: 0, notice: 'No messages were imported.' });
    if (records !== undefined) expect(imported.records).toBe(records);
  });
});

describe('importSession', () => {
  const start = (folder: ImportFolder, source: string) => ({
    ...{ source, target: folder.file('out.wirebench'), name: 'import', appVersion: 'test' },
  });

  it('imports in a separate thread and reports its progress', async () => {
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
    let reports = 0;
    const importing = importSession({
      ...start(folder, folder.file('big.pcap')),
      signal: abort.signal,
      onProgress: () => {
        reports += 1;
        abort.abort();
      },
    });
    // However fast it is: it is cancelled before it can have ended.
    setImmediate(() => abort.abort());
    expect(await importing).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(reports).toBeLessThanOrEqual(1);
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
