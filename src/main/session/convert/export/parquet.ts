import type { Writer } from 'hyparquet-writer';
import type { DecodedBlock } from '../../format/decoded-block.ts';
import type { Progress } from '../../slices.ts';
import { eachRecord } from './each-record.ts';
import { maxGroupRows, ParquetColumns, parquetSchema } from './parquet-columns.ts';
import type { SaveSource, Saving } from './saving.ts';
import { markAt, partsOf, type TableRow, tableRow, tableTexts } from './table-rows.ts';
import type { TargetFile } from './target-file.ts';

export type Parquet = typeof import('hyparquet-writer');

/** A row group is written when it has this number of message bytes, or its maximum of rows. */
const groupBytes = 8 * 1_048_576;
/** Encoded bytes are written in units of this size. */
const gatherBytes = 1_048_576;

/** Writes the chosen records as a Parquet file, one row group after the other. */
export function* saveParquet(parquet: Parquet, source: SaveSource, target: TargetFile): Saving {
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
