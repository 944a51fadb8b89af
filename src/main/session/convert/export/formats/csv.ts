import { csvFormat } from '#shared/export/csv.ts';
import { startOf } from '../../../query/filter/filter-context.ts';
import { saveText } from '../text.ts';
import { type ExportWriter, run, sizeWith } from './export-writer.ts';

export const csv: ExportWriter = {
  write: (source, target, job) =>
    run(saveText(source, csvFormat(startOf(source.index), job.keepFormulas), target), job),
  size: sizeWith(125),
};
