import type { ExportFormat } from './export-format.ts';

export const text = {
  name: 'text',
  label: 'Text',
  help: 'Plain text, one line per record',
  extension: 'txt',
  holds: 'all records, one line each',
  readers: 'people, `grep`',
  isBinary: false,
} as const satisfies ExportFormat;
