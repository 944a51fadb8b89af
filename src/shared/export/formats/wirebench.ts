import type { ExportFormat } from './export-format.ts';

export const wirebench = {
  name: 'wirebench',
  label: 'Wirebench session',
  help: 'Complete session, to open again in Wirebench',
  extension: 'wirebench',
  holds: 'all of it: records, sockets, reads, marks',
  readers: 'Wirebench, [session-format.md](session-format.md)',
  isBinary: true,
} as const satisfies ExportFormat;
