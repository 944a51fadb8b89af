import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { looksLikeRecord } from '#shared/export/jsonl-record.ts';
import { importJsonl } from '../import-jsonl.ts';
import type { ImportReader } from '../importing.ts';

export const jsonl: ImportReader = {
  kind: 'jsonl',
  detects: (start) => looksLikeRecord(decodeUtf8Lossy(start)),
  read: importJsonl,
};
