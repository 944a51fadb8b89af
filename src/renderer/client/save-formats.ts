import { hidden, replaceHidden } from '#shared/bytes/hidden.ts';
import type { Scope, SessionView } from '#shared/contract/models.ts';
import type { SaveFormat } from '#shared/contract/save-formats.ts';

interface FormatHelp {
  readonly format: SaveFormat;
  readonly label: string;
  /** One line: what one gets, and what it is for. */
  readonly help: string;
}

/** Every form in which a session can be saved, in the order in which people look for them. */
export const formatHelps: readonly FormatHelp[] = [
  { format: 'wirebench', label: 'Wirebench session', help: 'Everything, to be opened here again' },
  {
    format: 'pcapng',
    label: 'Capture (pcapng)',
    help: 'Opens in Wireshark; packets are made up, bytes are not',
  },
  { format: 'jsonl', label: 'JSON lines', help: 'One JSON object a record, for scripts and other tools' },
  { format: 'csv', label: 'CSV', help: 'One row a record, for spreadsheets' },
  { format: 'text', label: 'Text', help: 'One line a record, for reading and for mail' },
  { format: 'html', label: 'HTML report', help: 'One page for any browser, to hand on' },
  { format: 'raw', label: 'Raw bytes', help: 'What was sent and received, byte for byte' },
  { format: 'sqlite', label: 'SQLite', help: 'A database with a table of records, for SQL' },
  { format: 'parquet', label: 'Parquet', help: 'A table for DuckDB, Spark or pandas' },
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

/** True where the raw bytes of `scope` are one stream, and so one plain file instead of an archive of several. */
export function isOneStream({ sockets, direction }: Scope): boolean {
  return sockets?.length === 1 && direction !== undefined;
}

/** What saving in `format` writes, where that depends on `scope`; else empty. */
export function formatNote(format: SaveFormat, scope: Scope): string {
  if (format !== 'raw') return '';
  return isOneStream(scope)
    ? 'One file: the byte stream of this socket and direction.'
    : 'A tar archive with a file for each socket and direction. For one plain file choose a socket and a direction.';
}

/** A name for the file, without what file systems do not take, and without what hides. */
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
