import type { SchemaElement, Writer } from 'hyparquet-writer';
import { flagWords } from '#shared/message/flags.ts';
import type { SocketInfo } from '#shared/record/record.ts';
import type { DecodedBlock } from '../../../format/decoded-block.ts';
import type { Progress } from '../../../threads.ts';
import { type ExportWriter, eachRecord, run, type SaveSource, type Saving, sizeWith } from '../saving.ts';
import { markAt, partsOf, type TableRow, tableRow, tableTexts } from '../table-rows.ts';
import type { TargetFile } from '../target-file.ts';

export const parquet: ExportWriter = {
  write: async (source, target, job) => run(saveParquet(await import('hyparquet-writer'), source, target), job),
  size: sizeWith(8),
};

export type Parquet = typeof import('hyparquet-writer');

/** A row group is written when it has this number of message bytes, or its maximum of rows. */
const groupBytes = 8 * 1_048_576;
/** Encoded bytes are written in units of this size. */
const gatherBytes = 1_048_576;

/** Writes the chosen records as a Parquet file, one row group after the other. */
function* saveParquet(parquet: Parquet, source: SaveSource, target: TargetFile): Saving {
  const { index } = source;
  const columns = new ParquetColumns();
  const about = {
    'wirebench.session': index.settings.name || index.header?.name || '',
    'wirebench.createdAt': index.header?.createdAt ?? '',
  };
  const file = new parquet.ParquetWriter({
    writer: targetWriter(parquet, target),
    schema: parquetSchema,
    createdBy: `Wirebench ${index.header?.app ?? ''}`,
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
  });
  const write = () => {
    const rowGroupSize = columns.rows;
    if (rowGroupSize > 0) file.write({ columnData: columns.take(), rowGroupSize });
  };
  const texts = tableTexts();
  const addParts = function* (row: TableRow, block: DecodedBlock, at: number, progress: Progress) {
    for (const [part, bytes] of partsOf(row, block, at)) {
      columns.add(row, index.sockets.get(row.socket), markAt(index, row.seq), part, bytes);
      write();
      yield progress;
    }
  };
  const records = yield* eachRecord(source, (block, at, progress) => {
    const row = tableRow(index, texts, block, at);
    if (row.kind === 'message' && row.body === undefined) return addParts(row, block, at, progress);
    columns.add(row, index.sockets.get(row.socket), markAt(index, row.seq), 0, row.body);
    if (columns.rows < maxGroupRows && columns.bytes < groupBytes) return false;
    write();
    return true;
  });
  write();
  file.finish();
  return records;
}

/** Returns a writer of the library that writes to `target` regularly, instead of keeping the whole file. */
function targetWriter(parquet: Parquet, target: TargetFile): Writer {
  const writer = new parquet.ByteWriter(gatherBytes * 2);
  const grow = writer.ensure.bind(writer);
  const flush = () => {
    target.write(new Uint8Array(writer.buffer, 0, writer.index));
    writer.index = 0;
  };
  writer.ensure = (size) => {
    if (writer.index > gatherBytes) flush();
    grow(size);
  };
  writer.finish = flush;
  return writer;
}

type Value = number | bigint | boolean | string | Uint8Array | null;

/** The maximum rows of a row group: encoding more of them would block other questions. */
const maxGroupRows = 8_192;

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
  column('checksum', utf8, { repeats: true, optional: true }),
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

const parquetSchema: SchemaElement[] = [
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
    checksum: values(),
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
class ParquetColumns {
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
    to.checksum[at] = row.checksum;
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
