import { crc32 } from 'node:zlib';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { blockTypes, makeBlock } from '#shared/record/block.ts';
import type { SessionTotals } from '#shared/record/session-header.ts';
import type { BlockIndex } from '../../format/block-index.ts';
import type { Scan } from '../../format/scan.ts';
import type { Saving } from './saving.ts';
import type { TargetFile } from './target-file.ts';

const copyBytes = 1_048_576;

/** Copies the session as it is now, ended in order. Reads all of it twice: to check and count, and to copy. */
export function* saveWholeSession(index: BlockIndex, scan: Scan, target: TargetFile): Saving {
  while (!scan.finished) {
    scan.run(0);
    yield { done: scan.position / 2, total: index.end };
  }
  // Taken at one moment: a live session may grow from here on.
  const { end, afterEnd, total: records } = index;
  const { messagesIn, messagesOut, bytesIn, bytesOut, problems } = scan;
  const messages = messagesIn + messagesOut;
  const totals: SessionTotals = { records, messages, bytes: bytesIn + bytesOut, problems };
  for (let at = 0; at < end; at += copyBytes) {
    target.write(index.file.read(at, Math.min(copyBytes, end - at)));
    yield { done: (end + at) / 2, total: end };
  }
  // What was added after the end comes before the new one.
  for (let at = afterEnd.from; at < afterEnd.to; at += copyBytes) {
    target.write(index.file.read(at, Math.min(copyBytes, afterEnd.to - at)));
    yield { done: end, total: end };
  }
  target.write(makeBlock(blockTypes.end, encodeUtf8(JSON.stringify(totals)), records, crc32));
  return records;
}
