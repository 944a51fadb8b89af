import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { Engine } from '#engine/engine.ts';
import { createSessionLog, openSessionLog } from '#session/session-log.ts';
import { defaultServer } from '#shared/endpoint/endpoint-config.ts';
import { fail } from '#shared/failure.ts';
import { parseHostPort } from '#shared/socket/address.ts';
import { CountingLog } from '#support/counting-log.ts';
import { acceptedSocket, answerOf, recordLines, recordMessages, SessionFolder } from '#support/session.ts';

const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
const peer = { host: '127.0.0.1', port: 51_422, family: 4 } as const;

describe('a live session', () => {
  it('answers with what was recorded, once it is flushed', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    log.describe(acceptedSocket);
    expect(log.event(1, 1_800_000_000_000.25, { kind: 'accepted', local, peer, listener: 2 })).toBe(0);
    expect(recordMessages(log, 'in', [Buffer.from('Hello, server!\n'), Buffer.from('two\n')], 1)).toBe(1);
    expect(recordMessages(log, 'out', [Buffer.from('Message received!')])).toBe(3);
    await log.flush();

    expect(log.view()).toMatchObject({ state: 'recording', total: 4, bytes: 36, problems: 0, notice: '' });
    const { rows, sockets, total } = answerOf(await log.ask('window', { first: 0, count: 10 }));
    expect(total).toBe(4);
    expect(sockets).toEqual([acceptedSocket]);
    expect(
      rows.map(({ seq, kind, offset, length, tail, preview }) => [seq, kind, offset, length, tail, preview]),
    ).toEqual([
      [0, 'accepted', 0, 0, 0, 'accepted 127.0.0.1:51422'],
      [1, 'in', 0, 15, 1, 'Hello, server!'],
      [2, 'in', 15, 4, 1, 'two'],
      [3, 'out', 0, 17, 0, 'Message received!'],
    ]);
    expect(rows[0]).toMatchObject({ at: 1_800_000_000_000.25, event: { kind: 'accepted', listener: 2 } });
    const counted = answerOf(await log.ask('statistics', { pairing: { kind: 'order' } }));
    expect(counted).toMatchObject({ records: 4, events: 1, total: [{ messages: 2, bytes: 19 }, { bytes: 17 }] });
  });

  it('has no record that is earlier than the one before it, also where an idle gap ends a message late', async () => {
    await using folder = new SessionFolder();
    const session = folder.create('live.wirebench');
    const log = new CountingLog(session);
    const engine = new Engine({ log, readReplyFile: async () => fail('file', 'none') });
    try {
      const { id } = engine.create({ ...defaultServer, port: 0, framing: { kind: 'gap', ms: 100 } });
      const { port } = parseHostPort(answerOf(await engine.open(id)).address) as { port: number };
      const first = net.connect(port, '127.0.0.1');
      first.write('waits for its gap');
      await log.until(() => log.reads === 1);
      // What is recorded meanwhile.
      const second = net.connect(port, '127.0.0.1');
      await log.until(() => log.of('accepted') === 2);
      await log.until(() => log.of('in') === 1);
      for (const socket of [first, second]) socket.destroy();
    } finally {
      await engine.stop();
    }
    await session.flush();
    const { rows } = answerOf(await session.ask('window', { first: 0, count: 100 }));
    const kinds = rows.map(({ kind }) => kind);
    expect(kinds.indexOf('in')).toBeGreaterThan(kinds.lastIndexOf('accepted'));
    for (const [place, row] of rows.entries()) expect(row.at).toBeGreaterThanOrEqual(rows[place - 1]?.at ?? 0);
  });

  it('answers for any range of rows and bytes, and says how much there is', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 20_000);
    await log.flush();
    const { rows } = answerOf(await log.ask('window', { first: 9_990, count: 20 }));
    expect(rows.map((row) => row.preview)).toEqual(Array.from({ length: 20 }, (_, index) => `line ${9_990 + index}`));
    expect(answerOf(await log.ask('window', { first: 19_999, count: 50 })).rows).toHaveLength(1);
    const afterEnd = { total: 20_000, matched: 20_000, scanned: 20_000, rows: [], sockets: [] };
    expect(answerOf(await log.ask('window', { first: 20_000, count: 50 }))).toEqual(afterEnd);
    const payload = answerOf(await log.ask('payload', { seq: 123, from: 5, length: 3 }));
    expect(Buffer.from(payload.bytes).toString()).toBe('123');
    expect(payload.total).toBe(9);
    expect(answerOf(await log.ask('payload', { seq: 123, from: 100, length: 3 })).bytes).toHaveLength(0);
    expect(await log.ask('payload', { seq: 20_000, from: 0, length: 1 })).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });

  it('answers previews and ranges of a message far larger than a block', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    const large = Buffer.alloc(5_000_000, 'abcdefghij');
    recordMessages(log, 'in', [Buffer.from('before'), large, Buffer.from('after')]);
    await log.flush();
    const { rows } = answerOf(await log.ask('window', { first: 0, count: 3 }));
    expect(rows.map((row) => row.preview)).toEqual(['before', large.toString('latin1', 0, 256), 'after']);
    const part = answerOf(await log.ask('payload', { seq: 1, from: 4_000_001, length: 1_000 }));
    expect(Buffer.from(part.bytes).equals(large.subarray(4_000_001, 4_001_001))).toBe(true);
    expect(part.total).toBe(large.length);
  });

  it('reports what changed to its listeners', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    const changed = new Promise<number>((resolve) => {
      const stop = log.onChange(() => {
        if (log.total === 0) return;
        stop();
        resolve(log.rate);
      });
    });
    recordLines(log, 10);
    expect(await changed).toBe(10);
  });

  it('is congested while too much waits to be written, and reports when it is not', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    const drained = new Promise<boolean>((resolve) => {
      log.onDrain(() => resolve(log.congested));
    });
    const chunk = Buffer.alloc(65_536);
    let records = 0;
    for (; !log.congested; records += 1) recordMessages(log, 'in', [chunk]);
    expect(records * chunk.length).toBeGreaterThan(32 * 1_048_576 - 1_048_576);
    expect(await drained).toBe(false);
    await log.flush();
    expect(log.total).toBe(records);
  });

  it('ends its file in order when it is closed, and answers no more', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 5);
    await Promise.all([log.close(), log.close()]);
    expect(await log.ask('window', { first: 0, count: 5 })).toMatchObject({ ok: false, error: { code: 'closed' } });
    const opened = await folder.open('live.wirebench');
    expect(opened.view()).toMatchObject({
      name: 'live.wirebench',
      state: 'read-only',
      total: 5,
      bytes: 35,
      notice: '',
    });
    expect(opened.id).not.toBe(log.id);
    expect(answerOf(await opened.ask('window', { first: 4, count: 5 })).rows.map((row) => row.preview)).toEqual([
      'line 4',
    ]);
  });
});

describe('making or opening a session', () => {
  it('says of a file that is being recorded that it is, not that it broke off', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('live.wirebench');
    recordLines(log, 5);
    await log.flush();
    const opened = await folder.open('live.wirebench');
    expect(opened.total).toBe(5);
    expect(opened.notice).toContain('is still being recorded');
    await log.close();
    expect((await folder.open('live.wirebench')).notice).toBe('');
  });

  it('says in words why it cannot record there', async () => {
    await using folder = new SessionFolder();
    writeFileSync(folder.file('file'), '');
    const through = createSessionLog({ path: folder.file('file/a.wirebench'), name: '', appVersion: '' });
    expect(through).toMatchObject({
      ok: false,
      error: {
        code: 'file',
        system: 'open(): ENOTDIR (not a directory)',
        hint: expect.stringContaining('Use a different'),
      },
    });
    const missing = createSessionLog({ path: folder.file('none/a.wirebench'), name: '', appVersion: '' });
    expect(missing).toMatchObject({ ok: false, error: { system: 'open(): ENOENT (no such file or directory)' } });
    const existing = createSessionLog({ path: folder.file('file'), name: '', appVersion: '' });
    expect(existing).toMatchObject({ ok: false, error: { system: 'open(): EEXIST (file already exists)' } });
  });

  it('says in words why it cannot open that', async () => {
    await using folder = new SessionFolder();
    mkdirSync(folder.file('folder'));
    writeFileSync(folder.file('text'), 'Hello, server! This is longer than a header of forty bytes.');
    writeFileSync(folder.file('empty'), '');
    const open = (name: string) => openSessionLog(folder.file(name));
    expect(await open('none')).toMatchObject({
      ok: false,
      error: { code: 'file', system: expect.stringContaining('ENOENT') },
    });
    expect(await open('folder')).toMatchObject({
      ok: false,
      error: { code: 'file', system: expect.stringContaining('EISDIR') },
    });
    expect(await open('text')).toMatchObject({ ok: false, error: { code: 'not-a-session' } });
    expect(await open('empty')).toMatchObject({
      ok: false,
      error: { code: 'not-a-session', system: 'the file is empty' },
    });
  });
});
