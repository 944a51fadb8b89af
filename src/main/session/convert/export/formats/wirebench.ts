import { recordColumnsSize } from '#shared/record/block.ts';
import { saveChosenSession } from '../chosen-session.ts';
import { saveWholeSession } from '../whole-session.ts';
import { type ExportWriter, run, sizeWith } from './export-writer.ts';

const headerBytes = 512;
const recordsSize = sizeWith(recordColumnsSize);

export const wirebench: ExportWriter = {
  write(source, target, job) {
    const { index, scan, selection } = source;
    return run(
      selection.all ? saveWholeSession(index, scan, target) : saveChosenSession(source, job.scope, target),
      job,
    );
  },
  size: (counts) => headerBytes + recordsSize(counts),
};
