import { maxReportBodyBytes, maxReportRecords } from '#shared/export/html-report.ts';
import { saveHtml } from '../html.ts';
import { type ExportWriter, run } from './export-writer.ts';

const pageBytes = 4_096;
const rowBytes = 150;
/** Escaped characters make a message longer. */
const escaping = 1.1;

export const html: ExportWriter = {
  write: (source, target, job) => run(saveHtml(source, job.scope, target), job),
  size({ records, bytesIn, bytesOut }) {
    const mean = records === 0 ? 0 : (bytesIn + bytesOut) / records;
    return pageBytes + Math.min(records, maxReportRecords) * (rowBytes + Math.min(mean, maxReportBodyBytes) * escaping);
  },
};
