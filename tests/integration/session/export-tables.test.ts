import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { awkward, awkwardSession, readInPython, saved } from '#support/awkward-session.ts';
import { childProgram } from '#support/build-children.ts';
import { acceptedSocket, answerOf, recordMessages, SessionFolder } from '#support/session.ts';

describe('a session as a SQLite database', () => {
  it('is read back by Python with every value', async () => {
    await using folder = new SessionFolder();
    const log = await awkwardSession(folder);
    const path = await saved(log, folder, 'sqlite');
    const lines = await readInPython<Record<string, unknown> & { table: string }>('sqlite', path);
    const of = (table: string) => lines.filter((line) => line.table === table);
    const second = { id: 2, transport: 'udp', name: 'two, "quoted"', peer: '[::1]:9' };
    expect(of('sockets')).toEqual([
      { table: 'sockets', ...acceptedSocket, checksum: '' },
      { table: 'sockets', ...acceptedSocket, ...second, checksum: '' },
    ]);
    expect(of('notes')).toEqual([
      { table: 'notes', seq: 0, bookmarked: 0, note: 'at an event' },
      { table: 'notes', seq: 1, bookmarked: 1, note: 'a "note",\nwith <b>all</b>' },
    ]);
    const { rows } = answerOf(await log.ask('window', { first: 0, count: 100 }));
    const parts = of('parts');
    for (const [seq, record] of of('records').entries()) {
      const { at, kind, socket, offset, flags, length: wire, event } = rows[seq] ?? {};
      const direction = kind === 'in' || kind === 'out' ? kind : null;
      const expected = { seq, at_us: Math.round((at ?? 0) * 1_000), direction, socket, offset, flags, wire };
      expect(record).toMatchObject(
        event ? { ...expected, kind } : { ...expected, kind: 'message', head: '3e', tail: '0d0a' },
      );
      if (event) {
        expect(JSON.parse(String(record.event))).toEqual(event);
        continue;
      }
      const own = parts.filter((part) => part.seq === seq).map((part) => String(part.bytes));
      const whole =
        typeof record.text === 'string'
          ? Buffer.from(record.text)
          : Buffer.from(String(record.bytes ?? own.join('')), 'hex');
      expect(whole.equals(awkward[seq - 1] ?? Buffer.of(1)), `record ${seq}`).toBe(true);
      expect(record.text === null || record.bytes === null).toBe(true);
    }
    expect(of('records')).toHaveLength(awkward.length + 3);
    expect(of('meta')).toContainEqual({ table: 'meta', key: 'session', value: 'a.wirebench' });
  });

  it('brings no warning to the terminal', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordMessages(log, 'in', [Buffer.from('x')]);
    await log.close();
    const args = [childProgram('saving-child'), folder.file('a.wirebench'), 'sqlite', folder.file('a.sqlite')];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, value: { records: 1 } });
  });
});

describe('a session as Parquet', () => {
  it('is read back by another library with every value', async () => {
    await using folder = new SessionFolder();
    const log = await awkwardSession(folder);
    const path = await saved(log, folder, 'parquet');
    const file = await asyncBufferFromFile(path);
    const found = await parquetReadObjects({ file, utf8: false, parsers: { stringFromBytes: decodeUtf8Lossy } });
    const { rows } = answerOf(await log.ask('window', { first: 0, count: 100 }));
    const bodies = new Map<number, Buffer[]>();
    for (const record of found) {
      const row = rows[Number(record.seq)];
      expect(record).toMatchObject({ socket: row?.socket, wire: row?.length, offset: BigInt(row?.offset ?? 0) });
      expect((record.at as Date).getTime()).toBe(Math.floor(row?.at ?? 0));
      const body = record.text === undefined || record.text === null ? record.bytes : Buffer.from(String(record.text));
      const parts = bodies.get(Number(record.seq)) ?? [];
      expect(record.part).toBe(parts.length);
      bodies.set(Number(record.seq), [...parts, Buffer.from((body as Uint8Array | null) ?? [])]);
    }
    for (const [index, message] of awkward.entries()) {
      expect(Buffer.concat(bodies.get(index + 1) ?? []).equals(message), `message ${index}`).toBe(true);
    }
    expect(found[1]).toMatchObject({
      transport: 'udp',
      endpoint: 'two, "quoted"',
      bookmarked: true,
      note: 'a "note",\nwith <b>all</b>',
    });
    expect(found[0]).toMatchObject({ kind: 'accepted', direction: null, note: 'at an event', bookmarked: false });
  });

  it('has the verdict on the checksum of each received message, and none where it is not checked', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    log.describe({ ...acceptedSocket, checksum: 'xor' });
    recordMessages(log, 'in', [Buffer.of(1, 2, 3), Buffer.of(1, 2, 4)]);
    recordMessages(log, 'out', [Buffer.of(1, 2, 4)]);
    await log.flush();
    const file = await asyncBufferFromFile(await saved(log, folder, 'parquet'));
    const found = await parquetReadObjects({ file });
    expect(found.map(({ checksum }) => checksum)).toEqual(['ok', 'bad', null]);
  });

  it('is read by an independent reader in Rust, row group after row group', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    log.describe(acceptedSocket);
    const count = 50_000;
    recordMessages(
      log,
      'in',
      Array.from({ length: count }, (_, at) => Buffer.from(at % 7 === 0 ? [0xff, at & 255] : `line ${at}`)),
    );
    await log.flush();
    const { readParquet, readSchema } = await import('parquet-wasm');
    const bytes = new Uint8Array(readFileSync(await saved(log, folder, 'parquet')));
    expect(String(readSchema(bytes))).toBeDefined();
    const table = readParquet(bytes);
    const batches = table.recordBatches();
    expect(batches.reduce((sum, batch) => sum + batch.numRows, 0)).toBe(count);
    expect(table.schema).toBeDefined();
  });
});
