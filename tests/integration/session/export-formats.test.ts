import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Session, SessionLog } from '#session/session.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { Scope } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/export/export-formats.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { childProgram } from '#support/build-children.ts';
import { acceptedSocket, answerOf, recordMessages, SessionFolder } from '#support/session.ts';

const python = fileURLToPath(new URL('../../support/peers/read_exports.py', import.meta.url));

/** What Python makes of an export. */
async function readInPython<Line>(kind: 'csv' | 'sqlite' | 'tar', path: string): Promise<Line[]> {
  const { stdout, stderr } = await promisify(execFile)('python3', [python, kind, path], { maxBuffer: 512 * 1_048_576 });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

async function saved(session: Session, folder: SessionFolder, format: SaveFormat, scope: Scope = {}): Promise<string> {
  const path = folder.file(`saved.${format}`);
  answerOf(await session.ask('save', { format, path, scope }));
  return path;
}

/** Bytes that are hard for one format or another. */
const awkward: readonly Buffer[] = [
  Buffer.from('plain'),
  Buffer.from(''),
  Buffer.from('=1+1'),
  Buffer.from('a,"b"\r\nc\rd\ne,'),
  Buffer.from('"'),
  Buffer.from('nul\0inside'),
  Buffer.from('\ufeffmark'),
  Buffer.from('<script>alert(1)</script>]]>&amp;\'"><img src=x onerror=alert(1)>'),
  Buffer.from('\u202egnp.exe\u2066 \u001b[31m \u0085 \u2028'),
  Buffer.from([0xff, 0xfe, 0, 10, 13, 34, 44]),
  Buffer.from('€𝄞'.repeat(300_001)),
  Buffer.concat([Buffer.from('€'.repeat(400_000)), Buffer.from([0xe2, 0x82])]),
  Buffer.concat([Buffer.alloc(9 * 1_048_576, 'x'), Buffer.from([0])]),
  Buffer.alloc(8 * 1_048_576 + 1, 'y'),
];

/** “Zürich€” and a NUL, split inside of two characters. */
const splitReads = ['5ac3', 'bc72696368e2', '82', 'ac', '00c3', 'bc'].map((hex) => Buffer.from(hex, 'hex'));
/** What each has as text, as bytes in hex, of the character before it, and behind its text. */
const splitRows = [
  { text: 'Z', bytes: null, carried: 0, rest: 'c3' },
  { text: 'ürich', bytes: null, carried: 1, rest: 'e2' },
  { text: '', bytes: null, carried: 0, rest: '82' },
  { text: '€', bytes: null, carried: 2, rest: null },
  { text: null, bytes: '00c3', carried: 0, rest: null },
  { text: null, bytes: 'bc', carried: 0, rest: null },
];

/** Saves a raw stream that arrived as `splitReads`. */
async function savedSplit(folder: SessionFolder, format: SaveFormat): Promise<string> {
  const log = folder.create('split.wirebench');
  log.describe({ ...acceptedSocket, framing: 'raw' });
  for (const read of splitReads) recordMessages(log, 'in', [read]);
  await log.flush();
  return saved(log, folder, format);
}

/** A session with the awkward messages in both directions of two sockets, and events, marks and reads. */
function recordAwkward(log: SessionLog): void {
  log.describe(acceptedSocket);
  const local = { host: '127.0.0.1', port: 12_345, family: 4 } as const;
  log.event(1, Date.now(), { kind: 'accepted', local, peer: { ...local, port: 51_422 }, listener: 2 });
  log.describe({ ...acceptedSocket, id: 2, transport: 'udp', name: 'two, "quoted"', peer: '[::1]:9' });
  for (const [index, message] of awkward.entries()) {
    const boundaries = new Boundaries();
    boundaries.push(message.length + 3, 1, 2, index % 5 === 4 ? 3 : 0);
    const wire = Buffer.concat([Buffer.from('>'), message, Buffer.from('\r\n')]);
    const socket = index % 3 === 0 ? 2 : 1;
    log.read(socket, Date.now(), wire.length);
    log.messages(socket, index % 2 === 0 ? 'in' : 'out', Date.now(), new Uint8Array(0), wire, boundaries);
  }
  log.event(1, Date.now(), { kind: 'failed', call: 'recv', errno: 'ECONNRESET', text: 'a, "b"\n<i>' });
  log.event(1, Date.now(), { kind: 'closed', cause: 'reset-by-peer', bytesIn: 1, bytesOut: 2 });
}

/** A session of the awkward messages, with marks on two of its records. */
async function awkwardSession(folder: SessionFolder): Promise<SessionLog> {
  const log = folder.create('a.wirebench');
  recordAwkward(log);
  await log.flush();
  answerOf(await log.mark(1, { bookmarked: true, note: 'a "note",\nwith <b>all</b>' }));
  answerOf(await log.mark(0, { note: 'at an event' }));
  return log;
}

describe('a session as CSV', () => {
  it('is read back by Python to the same bytes', async () => {
    await using folder = new SessionFolder();
    const log = await awkwardSession(folder);
    const rows = await readInPython<Record<string, string>>('csv', await saved(log, folder, 'csv'));
    expect(rows).toHaveLength(awkward.length + 3);
    const bodies = rows.slice(1, -2).map(({ body = '' }) => Buffer.from(body, 'hex'));
    for (const [index, message] of awkward.entries())
      expect(bodies[index]?.equals(message), `message ${index}`).toBe(true);
    expect(rows[1]).toMatchObject({
      seq: '1',
      kind: 'message',
      socket: '2',
      endpoint: 'two, "quoted"',
      peer: '[::1]:9',
      transport: 'udp',
      direction: 'in',
      length: '5',
      wire: '8',
      bookmarked: 'true',
      note: 'a "note",\nwith <b>all</b>',
      encoding: 'text',
    });
    expect(rows[5]).toMatchObject({ flags: 'truncated incomplete' });
    expect(rows[6]).toMatchObject({ encoding: 'base64' });
    expect(rows[0]).toMatchObject({ kind: 'accepted', direction: '', length: '0', note: 'at an event' });
    expect(Number(rows.at(-1)?.time_s)).toBeGreaterThanOrEqual(0);
  });

  it('is read back by Python to the same bytes, whatever they are', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    const messages = fc.sample(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc
          .string({ unit: fc.constantFrom('"', ',', '\r', '\n', '\0', "'", 'é', ' ', '=') })
          .map((text) => Buffer.from(text)),
        // Reads that end inside of characters.
        fc.constantFrom(...splitReads),
      ),
      2_000,
    );
    log.describe({ ...acceptedSocket, framing: 'raw' });
    recordMessages(log, 'in', messages);
    await log.flush();
    const rows = await readInPython<{ body: string }>('csv', await saved(log, folder, 'csv'));
    expect(rows.map(({ body }) => body)).toEqual(messages.map((message) => Buffer.from(message).toString('hex')));
  });
});

describe('a character that reads split', () => {
  const named = (rest: string | null) => rest ?? '';

  it('is in the CSV row of the read that ends it', async () => {
    await using folder = new SessionFolder();
    const path = await savedSplit(folder, 'csv');
    const rows = await readInPython<Record<string, string>>('csv', path);
    expect(rows.map(({ body }) => body)).toEqual(splitReads.map((read) => read.toString('hex')));
    expect(rows.map(({ carried, rest }) => ({ carried: Number(carried), rest }))).toEqual(
      splitRows.map(({ carried, rest }) => ({ carried, rest: named(rest) })),
    );
    expect(readFileSync(path, 'utf8')).toContain(',1,e2,text,"ürich"\r\n');
  });

  it('is in the SQLite row of the read that ends it', async () => {
    await using folder = new SessionFolder();
    const rows = await readInPython<Record<string, unknown>>('sqlite', await savedSplit(folder, 'sqlite'));
    const records = rows.filter(({ table }) => table === 'records');
    expect(records.map(({ text, bytes, carried, rest }) => ({ text, bytes, carried, rest }))).toEqual(splitRows);
  });

  it('is in the Parquet row of the read that ends it', async () => {
    await using folder = new SessionFolder();
    const file = await asyncBufferFromFile(await savedSplit(folder, 'parquet'));
    const rows = await parquetReadObjects({ file, utf8: false, parsers: { stringFromBytes: decodeUtf8Lossy } });
    const hex = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : null);
    const found = rows.map(({ text, bytes, carried, rest }) => ({
      text: text ?? null,
      bytes: hex(bytes),
      carried,
      rest: hex(rest),
    }));
    expect(found).toEqual(splitRows);
  });
});

describe('a session as a SQLite database', () => {
  it('is read back by Python with every value', async () => {
    await using folder = new SessionFolder();
    const log = await awkwardSession(folder);
    const path = await saved(log, folder, 'sqlite');
    const lines = await readInPython<Record<string, unknown> & { table: string }>('sqlite', path);
    const of = (table: string) => lines.filter((line) => line.table === table);
    expect(of('sockets')).toEqual([
      { table: 'sockets', ...acceptedSocket },
      { table: 'sockets', ...acceptedSocket, id: 2, transport: 'udp', name: 'two, "quoted"', peer: '[::1]:9' },
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

describe('the raw bytes of a session', () => {
  it('are the stream exactly where one direction of one socket is chosen', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordAwkward(log);
    await log.flush();
    const bytes = readFileSync(await saved(log, folder, 'raw', { sockets: [1], direction: 'out' }));
    const stream = awkward.filter((_, index) => index % 3 !== 0 && index % 2 === 1);
    const wire = stream.flatMap((message) => [Buffer.from('>'), message, Buffer.from('\r\n')]);
    expect(bytes.equals(Buffer.concat(wire))).toBe(true);
  });

  it('are an archive with a file for each socket and direction else', async () => {
    await using folder = new SessionFolder();
    const log = folder.create('a.wirebench');
    recordAwkward(log);
    // A stream that is too long to be gathered in memory.
    const long = Buffer.alloc(3_000_000, 'z');
    for (let turn = 0; turn < 12; turn += 1) recordMessages(log, 'out', [long]);
    await log.flush();
    const files = await readInPython<{ name: string; sha256: string }>('tar', await saved(log, folder, 'raw'));
    expect(files.map(({ name }) => name)).toEqual([
      'socket-2-1_9-in.bin',
      'socket-1-127.0.0.1_51422-out.bin',
      'socket-1-127.0.0.1_51422-in.bin',
      'socket-2-1_9-out.bin',
    ]);
    for (const { name, sha256 } of files) {
      const expected = awkward
        .filter(
          (_, index) =>
            name.includes(`-${index % 3 === 0 ? 2 : 1}-`) && name.includes(index % 2 === 0 ? '-in' : '-out'),
        )
        .flatMap((message) => [Buffer.from('>'), message, Buffer.from('\r\n')]);
      if (name === 'socket-1-127.0.0.1_51422-out.bin') expected.push(...new Array<Buffer>(12).fill(long));
      expect(sha256, name).toBe(createHash('sha256').update(Buffer.concat(expected)).digest('hex'));
    }
  });
});
