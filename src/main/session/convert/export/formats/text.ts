import { textFormat } from '#shared/export/text-log.ts';
import { saveText } from '../text.ts';
import { type ExportWriter, run, sizeWith } from './export-writer.ts';

export const text: ExportWriter = {
  write: (source, target, job) => run(saveText(source, textFormat, target), job),
  size: sizeWith(90),
};
