import type { ExportFormat } from './export-format.ts';

export const parquet = {
  name: 'parquet',
  label: 'Parquet',
  help: 'Table for DuckDB, Spark or pandas',
  extension: 'parquet',
  holds: 'all records, in columns',
  readers: 'DuckDB, pandas, Spark',
  isBinary: true,
} as const satisfies ExportFormat;
