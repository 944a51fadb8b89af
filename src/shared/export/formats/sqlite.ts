import type { ExportFormat } from './export-format.ts';

export const sqlite = {
  name: 'sqlite',
  label: 'SQLite',
  help: 'Database with a table of records, for SQL',
  extension: 'sqlite',
  holds: 'all records, in tables',
  readers: '`sqlite3`, Python, DuckDB',
  isBinary: true,
  needsFile: 'a database is not written from start to end',
} as const satisfies ExportFormat;
