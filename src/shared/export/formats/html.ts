import type { ExportFormat } from './export-format.ts';

export const html = {
  name: 'html',
  label: 'HTML report',
  help: 'Self-contained web page, for sharing',
  extension: 'html',
  holds: 'the first 100 000 records, as a page',
  readers: 'any browser',
  isBinary: false,
} as const satisfies ExportFormat;
