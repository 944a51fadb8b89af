import type { Writer } from 'hyparquet-writer';
import { maxGroupRows, ParquetColumns, parquetSchema } from './parquet-columns.ts';
import { chosenBlocks, placeOf, type SaveSource, type Saving } from './saving.ts';
import { markAt, maxValueBytes, tableRow, tableTexts } from './table-rows.ts';
import type { TargetFile } from './target-file.ts';

export type Parquet = typeof import('hyparquet-writer');

/** A row group is written when it has so many bytes of messages, or all its rows. */
const groupBytes = 8 * 1_048_576;
/** Encoded bytes are written when there are so many. */
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
  let records = 0;
  for (const chosen of chosenBlocks(source)) {
    const { block, count } = chosen;
    for (let which = 0; which < count; which += 1) {
      const at = placeOf(chosen, which);
      const row = tableRow(index, texts, block, at);
      const socket = index.sockets.get(row.socket);
      const mark = markAt(index, row.seq);
      if (row.kind !== 'message' || row.body !== undefined) {
        columns.add(row, socket, mark, 0, row.body);
      } else {
        const from = row.head?.length ?? 0;
        for (let begin = 0; begin < row.length; begin += maxValueBytes) {
          const end = Math.min(row.length, begin + maxValueBytes);
          columns.add(row, socket, mark, begin / maxValueBytes, block.bytes(at, from + begin, from + end));
          write();
          yield chosen;
        }
      }
      if (columns.rows < maxGroupRows && columns.bytes < groupBytes) continue;
      write();
      yield chosen;
    }
    records += count;
    yield chosen;
  }
  write();
  file.finish();
  return records;
}

/** A writer of the library that hands what it has to `target` from time to time, instead of keeping all of it. */
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
