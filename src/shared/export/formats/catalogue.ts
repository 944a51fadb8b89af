import { csv } from './csv.ts';
import type { ExportFormat } from './export-format.ts';
import { html } from './html.ts';
import { jsonl } from './jsonl.ts';
import { raw } from './raw.ts';
import { text } from './text.ts';

const wirebench = {
  name: 'wirebench',
  label: 'Wirebench session',
  help: 'Complete session that Wirebench can open',
  extension: 'wirebench',
  holds: 'everything: records, sockets, reads, marks',
  readers: 'Wirebench, [session-format.md](session-format.md)',
  isBinary: true,
} as const satisfies ExportFormat;

const pcapng = {
  name: 'pcapng',
  label: 'Capture (pcapng)',
  help: 'Capture for Wireshark: synthetic packets, real payload bytes',
  extension: 'pcapng',
  holds: 'messages and events as packets',
  readers: 'Wireshark, tshark',
  isBinary: true,
} as const satisfies ExportFormat;

const sqlite = {
  name: 'sqlite',
  label: 'SQLite',
  help: 'Database with a table of records, for SQL',
  extension: 'sqlite',
  holds: 'all records, in tables',
  readers: '`sqlite3`, Python, DuckDB',
  isBinary: true,
  needsFile: 'a database is not written from start to end',
} as const satisfies ExportFormat;

const parquet = {
  name: 'parquet',
  label: 'Parquet',
  help: 'Table for DuckDB, Spark or pandas',
  extension: 'parquet',
  holds: 'all records, in columns',
  readers: 'DuckDB, pandas, Spark',
  isBinary: true,
} as const satisfies ExportFormat;

/** Every format in which a session can be exported, in the order of the dialog, the command line's help and docs/exports.md. */
export const formats = [wirebench, pcapng, jsonl, csv, text, html, raw, sqlite, parquet] as const;
