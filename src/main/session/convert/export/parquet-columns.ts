import type { SchemaElement } from 'hyparquet-writer';
import { flagWords } from '#shared/message/flags.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { TableRow } from './table-rows.ts';

type Value = number | bigint | boolean | string | Uint8Array | null;

/** The maximum rows of a row group: encoding more of them would block other questions. */
export const maxGroupRows = 8_192;

interface Column {
  readonly name: keyof ReturnType<typeof newColumns>;
  readonly element: SchemaElement;
  /** Few different values, which a dictionary keeps once. */
  readonly repeats: boolean;
  readonly statistics: boolean;
}

const micros = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;
const utf8 = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const;
const binary = { type: 'BYTE_ARRAY' } as const;

function column(
  name: Column['name'],
  type: Omit<SchemaElement, 'name' | 'repetition_type'>,
  { optional = false, repeats = false, statistics = false } = {},
): Column {
  return { name, element: { ...type, name, repetition_type: optional ? 'OPTIONAL' : 'REQUIRED' }, repeats, statistics };
}

const columns: readonly Column[] = [
  column('seq', { type: 'INT64' }, { statistics: true }),
  column('part', { type: 'INT32' }),
  column('at', { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: micros }, { statistics: true }),
  column('kind', utf8, { repeats: true }),
  column('direction', utf8, { repeats: true, optional: true }),
  column('socket', { type: 'INT32' }),
  column('endpoint', utf8, { repeats: true }),
  column('local', utf8, { repeats: true }),
  column('peer', utf8, { repeats: true }),
  column('transport', utf8, { repeats: true }),
  column('offset', { type: 'INT64' }),
  column('length', { type: 'INT32' }),
  column('wire', { type: 'INT32' }),
  column('flags', utf8, { repeats: true, optional: true }),
  column('head', binary, { optional: true }),
  column('tail', binary, { optional: true }),
  column('text', utf8, { optional: true }),
  column('bytes', binary, { optional: true }),
  column('event', utf8, { optional: true }),
  column('bookmarked', { type: 'BOOLEAN' }),
  column('note', utf8, { optional: true }),
  column('carried', { type: 'INT32' }),
  column('rest', binary, { optional: true }),
];

export const parquetSchema: SchemaElement[] = [
  { name: 'records', num_children: columns.length },
  ...columns.map(({ element }) => element),
];

const int32 = () => new Int32Array(maxGroupRows);
const int64 = () => new BigInt64Array(maxGroupRows);
const values = () => new Array<Value>(maxGroupRows).fill(null);

function newColumns() {
  return {
    seq: int64(),
    part: int32(),
    at: int64(),
    kind: values(),
    direction: values(),
    socket: int32(),
    endpoint: values(),
    local: values(),
    peer: values(),
    transport: values(),
    offset: int64(),
    length: int32(),
    wire: int32(),
    flags: values(),
    head: values(),
    tail: values(),
    text: values(),
    bytes: values(),
    event: values(),
    bookmarked: values(),
    note: values(),
    carried: int32(),
    rest: values(),
  };
}

/** The columns of one row group, filled row by row. */
export class ParquetColumns {
  rows = 0;
  /** Bytes of the messages in it. */
  bytes = 0;
  readonly #columns = newColumns();

  /** Adds a row; of a long message one for each `part`, with its `bytes`. */
  add(
    row: TableRow,
    socket: SocketInfo | undefined,
    mark: { readonly bookmarked: boolean; readonly note: string } | undefined,
    part: number,
    bytes: Uint8Array | undefined,
  ): void {
    const to = this.#columns;
    const at = this.rows;
    const text = bytes !== undefined && row.body === bytes ? row.text : undefined;
    to.seq[at] = BigInt(row.seq);
    to.part[at] = part;
    to.at[at] = BigInt(row.atMicros);
    to.kind[at] = row.kind;
    to.direction[at] = row.direction;
    to.socket[at] = row.socket;
    to.endpoint[at] = socket?.name ?? '';
    to.local[at] = socket?.local ?? '';
    to.peer[at] = socket?.peer ?? '';
    to.transport[at] = socket?.transport ?? '';
    to.offset[at] = BigInt(row.offset);
    to.length[at] = row.length;
    to.wire[at] = row.wire;
    to.flags[at] = row.flags === 0 ? null : flagWords(row.flags).join(' ');
    to.head[at] = row.head;
    to.tail[at] = row.tail;
    to.text[at] = text ?? row.sentence;
    to.bytes[at] = text === undefined && bytes !== undefined ? bytes : null;
    to.event[at] = row.event;
    to.bookmarked[at] = mark?.bookmarked ?? false;
    to.note[at] = mark && mark.note !== '' ? mark.note : null;
    to.carried[at] = row.carried;
    to.rest[at] = row.rest;
    this.rows = at + 1;
    this.bytes += bytes?.length ?? 0;
  }

  /** The row group, good until the next row is added. */
  take() {
    const { rows } = this;
    this.rows = 0;
    this.bytes = 0;
    return columns.map(({ element, name, repeats, statistics }) => {
      const data = this.#columns[name].slice(0, rows);
      return {
        name: element.name,
        data,
        statistics,
        encoding: repeats ? ('RLE_DICTIONARY' as const) : ('PLAIN' as const),
      };
    });
  }
}
