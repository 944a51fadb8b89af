import { isOneStream } from '#shared/export/formats/export-format.ts';
import { saveStream } from '../raw.ts';
import { saveTar } from '../tar.ts';
import { type ExportWriter, run } from './export-writer.ts';

/** The header of a file in the archive, and the padding after it. */
const entryBytes = 1_024;

export const raw: ExportWriter = {
  write: (source, target, job) =>
    isOneStream(job.scope) ? run(saveStream(source, target), job) : saveTar(source, target, job),
  size({ bytesIn, bytesOut }, scope) {
    const bytes = bytesIn + bytesOut;
    return isOneStream(scope) ? bytes : bytes + entryBytes * 2 * Math.max(1, scope.sockets?.length ?? 1);
  },
  messagesOnly: true,
};
