import type { ExportFormat } from './export-format.ts';

export const pcapng = {
  name: 'pcapng',
  label: 'Capture (pcapng)',
  help: 'Capture for Wireshark: synthetic packets, real payload bytes',
  extension: 'pcapng',
  holds: 'messages and events as packets',
  readers: 'Wireshark, tshark',
  isBinary: true,
} as const satisfies ExportFormat;
