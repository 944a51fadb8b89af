import type { Scope } from '#shared/contract/models.ts';
import { htmlFormat, maxReportBodyBytes, maxReportRecords } from '#shared/export/formats/html.ts';
import { countChosen, type ExportWriter, run, type SaveSource, type Saving } from '../saving.ts';
import type { TargetFile } from '../target-file.ts';
import { saveText } from './text.ts';

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

/** Writes the chosen records as one HTML page, which begins with what is counted over them. */
function* saveHtml(source: SaveSource, scope: Scope, target: TargetFile): Saving {
  const { index } = source;
  const used = new Set<number>();
  const counts = yield* countChosen(source, ({ block, records, count }) => {
    const { sockets } = block.columns;
    for (let which = 0; which < count; which += 1) {
      used.add(sockets[records === undefined ? which : (records[which] as number)] as number);
    }
  });
  const { app = '' } = index.header ?? {};
  const name = index.settings.name || index.header?.name || '';
  const sockets = [...used].flatMap((id) => index.sockets.get(id) ?? []);
  const format = htmlFormat({ name, appVersion: app, scope: scopeWords(scope), counts, sockets });
  return yield* saveText(source, format, target, maxReportRecords);
}

function scopeWords({ filter, sockets, direction }: Scope): string {
  const words: string[] = [];
  if (filter) words.push(`filter: ${filter}`);
  if (sockets) words.push(`${sockets.length === 1 ? 'socket' : 'sockets'} ${sockets.slice(0, 20).join(', ')}`);
  if (sockets && sockets.length > 20) words.push(`and ${sockets.length - 20} more`);
  if (direction) words.push(`direction: ${direction}`);
  return words.join('; ');
}
