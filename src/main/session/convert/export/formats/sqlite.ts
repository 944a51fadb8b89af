import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Failure } from '#shared/failure.ts';
import type { DecodedBlock } from '../../../format/decoded-block.ts';
import type { Progress } from '../../../threads.ts';
import { type ExportWriter, eachRecord, run, type SaveSource, type Saving } from '../saving.ts';
import { markAt, maxValueBytes, partsOf, type TableRow, tableRow, tableTexts } from '../table-rows.ts';
import type { TargetFile } from '../target-file.ts';

const emptyBytes = 16_384;
const rowBytes = 45;

export const sqlite: ExportWriter = {
  async write(source, target, job) {
    const library = loadSqlite();
    return 'code' in library ? library : run(saveSqlite(library, source, target), job);
  },
  size: ({ records, bytesIn, bytesOut, eventBytes }) =>
    emptyBytes + records * rowBytes + (bytesIn + bytesOut) * 1.05 + eventBytes * 2,
};

/** Rows between two pauses. */
const stepRows = 512;

type Sqlite = typeof import('node:sqlite');

const tables = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE sockets (id INTEGER PRIMARY KEY, role TEXT NOT NULL, transport TEXT NOT NULL, endpoint TEXT NOT NULL,
  name TEXT NOT NULL, local TEXT NOT NULL, peer TEXT NOT NULL, framing TEXT NOT NULL, checksum TEXT NOT NULL);
CREATE TABLE records (seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, kind TEXT NOT NULL, direction TEXT,
  socket INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, wire INTEGER NOT NULL,
  flags INTEGER NOT NULL, checksum TEXT, head BLOB, tail BLOB, text TEXT, bytes BLOB, event TEXT,
  carried INTEGER NOT NULL, rest BLOB);
CREATE TABLE parts (seq INTEGER NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (seq, part));
CREATE TABLE notes (seq INTEGER PRIMARY KEY, bookmarked INTEGER NOT NULL, note TEXT NOT NULL);
`;

/**
 * Returns SQLite of Node, or why it is unavailable. It is loaded when it is first needed, and without the warning that it is
 * experimental: what is used here is its plainest part.
 */
function loadSqlite(): Sqlite | Failure {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    const sqlite = process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
    if (sqlite) return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
  return {
    code: 'unsupported',
    message: 'Could not save as a SQLite database',
    system: `Node ${process.versions.node} has no node:sqlite`,
    hint: 'Start Wirebench with Node 22.13 or newer, or save as Parquet or CSV.',
  };
}

/** Writes the chosen records into the tables of a SQLite database. */
function* saveSqlite(sqlite: Sqlite, source: SaveSource, target: TargetFile): Saving {
  const path = target.writtenPath();
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(path);
    return yield* fill(database, source);
  } catch (error) {
    throw systemError(error, path);
  } finally {
    database?.close();
  }
}

function* fill(database: DatabaseSync, source: SaveSource): Saving {
  // The file has a temporary name until it is whole: consistency meanwhile is not needed. (No journal at
  // all is what SQLite's defensive mode refuses; of a table that only grows one takes next to no memory.)
  database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;');
  database.exec(tables);
  database.exec('BEGIN');
  const { index } = source;
  const record = database.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const part = database.prepare('INSERT INTO parts VALUES (?, ?, ?)');
  const note = database.prepare('INSERT INTO notes VALUES (?, ?, ?)');
  const used = new Set<number>();
  const texts = tableTexts();
  let bytes = 0;
  let rows = 0;
  const add = (block: DecodedBlock, at: number, progress: Progress) => {
    const row = tableRow(index, texts, block, at);
    insert(record, row);
    used.add(row.socket);
    const mark = markAt(index, row.seq);
    if (mark) note.run(row.seq, mark.bookmarked ? 1 : 0, mark.note);
    if (row.kind === 'message' && row.body === undefined) return insertParts(part, block, at, row, progress);
    bytes += row.length;
    rows += 1;
    if (rows % stepRows !== 0 && bytes <= maxValueBytes) return false;
    bytes = 0;
    return true;
  };
  const records = yield* eachRecord(source, add);
  describe(database, source, used, records);
  database.exec('COMMIT');
  return records;
}

function insert(record: StatementSync, row: TableRow): void {
  const { seq, atMicros, kind, direction, socket, offset, length, wire, flags, head, tail, event, carried, rest } = row;
  const text = row.text ? textOf(row.text) : row.sentence;
  const bytes = row.text ? null : (row.body ?? null);
  const place = [seq, atMicros, kind, direction, socket, offset, length, wire, flags] as const;
  record.run(...place, row.checksum, head, tail, text, bytes, event, carried, rest);
}

function* insertParts(
  part: StatementSync,
  block: DecodedBlock,
  at: number,
  row: TableRow,
  progress: Progress,
): Generator<Progress, void> {
  for (const [number, bytes] of partsOf(row, block, at)) {
    part.run(row.seq, number, bytes);
    yield progress;
  }
}

function describe(database: DatabaseSync, { index }: SaveSource, used: ReadonlySet<number>, records: number): void {
  const socket = database.prepare('INSERT INTO sockets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const id of used) {
    const info = index.sockets.get(id);
    if (!info) continue;
    const { role, transport, endpoint, name, local, peer, framing, checksum = '' } = info;
    socket.run(id, role, transport, endpoint, name, local, peer, framing, checksum);
  }
  const meta = database.prepare('INSERT INTO meta VALUES (?, ?)');
  meta.run('format', 'wirebench-records-1');
  meta.run('session', index.settings.name || index.header?.name || '');
  meta.run('app', index.header?.app ?? '');
  meta.run('createdAt', index.header?.createdAt ?? '');
  meta.run('records', String(records));
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.length).toString();
}

/** Converts an error of SQLite to that of the system call that caused it. `path`: of the database. */
function systemError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const result = error.errcode & 0xff;
  // SQLITE_CANTOPEN: of which call, and why, SQLite keeps to itself.
  if (result === 14) return openError(path) ?? error;
  const code = { 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC' }[result];
  return code ? Object.assign(new Error(`${code}: ${error.message}`), { code, syscall: 'write' }) : error;
}

/** Opens the file that SQLite could not open, and returns what that throws. */
function openError(path: string): unknown {
  try {
    closeSync(openSync(path, 'r+'));
    return undefined;
  } catch (error) {
    return error;
  }
}
