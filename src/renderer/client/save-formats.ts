import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';
import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';

interface FormatHelp {
  readonly format: SaveFormat;
  readonly label: string;
  /** One line: what the file contains and what it is for. */
  readonly help: string;
}

/** All formats in which a session can be saved; the most common first. */
export const formatHelps: readonly FormatHelp[] = [
  { format: 'wirebench', label: 'Wirebench session', help: 'All records, to open in Wirebench again' },
  {
    format: 'pcapng',
    label: 'Capture (pcapng)',
    help: 'For Wireshark: synthetic packets, real payload bytes',
  },
  { format: 'jsonl', label: 'JSON Lines', help: 'One JSON object per record, for scripts and other tools' },
  { format: 'csv', label: 'CSV', help: 'One row per record, for spreadsheets' },
  { format: 'text', label: 'Text', help: 'Plain text, one line per record' },
  { format: 'html', label: 'HTML report', help: 'Self-contained web page, for sharing' },
  { format: 'raw', label: 'Raw bytes', help: 'The bytes sent and received, without metadata' },
  { format: 'sqlite', label: 'SQLite', help: 'Database with a table of records, for SQL' },
  { format: 'parquet', label: 'Parquet', help: 'Columnar table, for DuckDB, Spark or pandas' },
];

const extensions: Readonly<Record<SaveFormat, string>> = {
  wirebench: 'wirebench',
  jsonl: 'jsonl',
  csv: 'csv',
  text: 'txt',
  html: 'html',
  raw: 'tar',
  pcapng: 'pcapng',
  sqlite: 'sqlite',
  parquet: 'parquet',
};

/** Returns true if the raw bytes of `scope` are one stream, which is saved as a plain file instead of an archive. */
export function isOneStream({ sockets, direction }: Scope): boolean {
  return sockets?.length === 1 && direction !== undefined;
}

/** Returns what saving in `format` writes if that depends on `scope`; empty otherwise. */
export function formatNote(format: SaveFormat, scope: Scope): string {
  if (format !== 'raw') return '';
  return isOneStream(scope)
    ? 'One file: the byte stream of this socket and direction.'
    : 'A tar archive with one file per socket and direction. To save a single file, select a socket and a direction.';
}

/** Returns a file name without characters that file systems reject and without invisible characters. */
export function suggestedName({ name }: SessionView, format: SaveFormat, scope: Scope = {}): string {
  const plain =
    replaceHidden(name, hidden, () => '')
      .replace(/\.wirebench$/, '')
      .replace(/[/\\:*?"<>|]/g, '-') || 'session';
  const [socket] = scope.sockets ?? [];
  const part = socket === undefined ? '' : `-socket-${socket}`;
  const way = scope.direction === undefined ? '' : `-${scope.direction}`;
  const extension = format === 'raw' && isOneStream(scope) ? 'bin' : extensions[format];
  return `${plain}${part}${way}.${extension}`;
}
