import { saveParquet } from '../parquet.ts';
import { type ExportWriter, run, sizeWith } from './export-writer.ts';

export const parquet: ExportWriter = {
  write: async (source, target, job) => run(saveParquet(await import('hyparquet-writer'), source, target), job),
  size: sizeWith(8),
};
