import { loadSqlite, saveSqlite } from '../sqlite.ts';
import { type ExportWriter, run } from './export-writer.ts';

const emptyBytes = 16_384;
const rowBytes = 45;

export const sqlite: ExportWriter = {
  async write(source, target, job) {
    const library = loadSqlite();
    return 'code' in library ? library : run(saveSqlite(library, source, target), job);
  },
  size: ({ records, bytesIn, bytesOut, eventBytes }) =>
    emptyBytes + records * rowBytes + (bytesIn + bytesOut) * 1.05 + eventBytes * 2,
};
