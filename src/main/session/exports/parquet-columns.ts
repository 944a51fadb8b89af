import type { SchemaElement } from 'hyparquet-writer';
import type { SocketInfo } from '#shared/record/record.ts';
import { flagWords } from '#shared/record/record-format.ts';
import type { TableRow } from './table-rows.ts';

type Value = number | bigint | boolean | string | Uint8Array | null;

interface Column {
  readonly element: SchemaElement;
  /** Few different values, which a dictionary keeps once. */
  readonly repeats: boolean;
  readonly statistics: boolean;
  values: Value[];
}

function column(element: Omit<SchemaElement, 'repetition_type'>, optional: boolean, statistics = false): Column {
  const repeats = !statistics && !['head', 'tail', 'text', 'bytes', 'event', 'note', 'offset'].includes(element.name);
  return {
    element: { ...element, repetition_type: optional ? 'OPTIONAL' : 'REQUIRED' },
    repeats,
    statistics,
    values: [],
  };
}

const text = (name: string, optional = false) =>
  column({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }, optional);
const int32 = (name: string) => column({ name, type: 'INT32' }, false);
const micros = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;

/** The columns of one row group, filled row by row. */
export class ParquetColumns {
  rows = 0;
  /** Bytes of the messages in it. */
  bytes = 0;
  readonly #columns: readonly Column[] = [
    column({ name: 'seq', type: 'INT64' }, false, true),
    column({ name: 'part', type: 'INT32' }, false),
    column({ name: 'at', type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: micros }, false, true),
    text('kind'),
    text('direction', true),
    int32('socket'),
    text('endpoint'),
    text('local'),
    text('peer'),
    column({ name: 'offset', type: 'INT64' }, false),
    int32('length'),
    int32('wire'),
    text('flags', true),
    column({ name: 'head', type: 'BYTE_ARRAY' }, true),
    column({ name: 'tail', type: 'BYTE_ARRAY' }, true),
    text('text', true),
    column({ name: 'bytes', type: 'BYTE_ARRAY' }, true),
    text('event', true),
    column({ name: 'bookmarked', type: 'BOOLEAN' }, false),
    text('note', true),
  ];

  get schema(): SchemaElement[] {
    return [{ name: 'records', num_children: this.#columns.length }, ...this.#columns.map(({ element }) => element)];
  }

  /** Adds a row; of a long message one for each `part`, with its `bytes`. */
  add(
    row: TableRow,
    socket: SocketInfo | undefined,
    mark: { bookmarked: boolean; note: string } | undefined,
    part: number,
    bytes: Uint8Array | undefined,
  ): void {
    const isText = bytes !== undefined && part === 0 && row.body === bytes && row.isText;
    const values: readonly Value[] = [
      BigInt(row.seq),
      part,
      BigInt(row.atMicros),
      row.kind,
      row.direction,
      row.socket,
      socket?.name ?? '',
      socket?.local ?? '',
      socket?.peer ?? '',
      BigInt(row.offset),
      row.length,
      row.wire,
      row.flags === 0 ? null : flagWords(row.flags).join(' '),
      row.head,
      row.tail,
      isText ? bytes : row.sentence,
      bytes !== undefined && !isText ? bytes : null,
      row.event,
      mark?.bookmarked ?? false,
      mark && mark.note !== '' ? mark.note : null,
    ];
    for (const [index, { values: column }] of this.#columns.entries()) column.push(values[index] ?? null);
    this.rows += 1;
    this.bytes += bytes?.length ?? 0;
  }

  /** The row group, which is then empty. */
  take() {
    const data = this.#columns.map((column) => {
      const { element, repeats, statistics, values } = column;
      column.values = [];
      const encoding = repeats && element.type === 'BYTE_ARRAY' ? ('RLE_DICTIONARY' as const) : undefined;
      return { name: element.name, data: values, statistics, ...(encoding && { encoding }) };
    });
    this.rows = 0;
    this.bytes = 0;
    return data;
  }
}
