import type { ExportFormat } from './export-format.ts';

export const wirebench = {
  name: 'wirebench',
  label: 'Wirebench session',
  help: 'Complete session that Wirebench can open',
  extension: 'wirebench',
  holds: 'everything: records, sockets, reads, marks',
  readers: 'Wirebench, [session-format.md](session-format.md)',
  isBinary: true,
} as const satisfies ExportFormat;
