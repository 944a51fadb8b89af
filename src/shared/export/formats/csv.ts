import type { ExportFormat } from './export-format.ts';

export const csv = {
  name: 'csv',
  label: 'CSV',
  help: 'One row per record, for spreadsheets',
  extension: 'csv',
  holds: 'all records, one row each',
  readers: 'spreadsheets, pandas, DuckDB',
  isBinary: false,
  options: [
    {
      name: 'keepFormulas',
      label: 'Keep formulas',
      help: 'When off, a cell that a spreadsheet would run as a formula (it starts with =, +, - or @) is preceded by an apostrophe.',
      effect: 'do not put an apostrophe before a cell that a spreadsheet would run as a formula',
    },
  ],
} as const satisfies ExportFormat;
