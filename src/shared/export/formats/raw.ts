import { type ExportFormat, isOneStream } from './export-format.ts';

export const raw = {
  name: 'raw',
  label: 'Raw bytes',
  help: 'The bytes sent and received, without metadata',
  extension: 'tar',
  holds: 'the bytes of the streams',
  readers: 'any program that reads the protocol',
  isBinary: true,
  fileOf: (choice) =>
    isOneStream(choice)
      ? { note: 'One file: the byte stream of this socket and direction.', extension: 'bin' }
      : {
          note: 'A tar archive with a file for each socket and direction. For one plain file, select a socket and a direction.',
          extension: 'tar',
        },
} as const satisfies ExportFormat;
