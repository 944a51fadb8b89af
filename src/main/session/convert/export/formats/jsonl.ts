import { jsonlFormat } from '#shared/export/jsonl.ts';
import { saveText } from '../text.ts';
import { type ExportWriter, run, sizeWith } from './export-writer.ts';

export const jsonl: ExportWriter = {
  write: (source, target, job) => run(saveText(source, jsonlFormat, target), job),
  size: sizeWith(165),
};
