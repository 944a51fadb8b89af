import type { ExportFormat } from './export-format.ts';

export const jsonl = {
  name: 'jsonl',
  label: 'JSON Lines',
  help: 'One JSON object per line, for scripts and other tools',
  extension: 'jsonl',
  holds: 'all records, one JSON object per line',
  readers: '`jq`, any language, Wirebench',
  isBinary: false,
} as const satisfies ExportFormat;
