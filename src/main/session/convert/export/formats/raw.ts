import { isOneStream } from '#shared/export/formats/export-format.ts';
import type { DecodedBlock } from '../../../format/decoded-block.ts';
import { isMessage } from '../../../format/decoded-block.ts';
import type { Progress } from '../../../threads.ts';
import { type ExportWriter, eachRecord, pieceBytes, piecesOf, run, type SaveSource, type Saving } from '../saving.ts';
import { saveTar } from '../tar.ts';
import type { TargetFile } from '../target-file.ts';

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

/** Writes the bytes of the chosen messages, framing included, as they followed each other in one stream. */
function* saveStream(source: SaveSource, target: TargetFile): Saving {
  let messages = 0;
  const addPieces = function* (block: DecodedBlock, at: number, progress: Progress) {
    for (const piece of piecesOf(block, at, 0, block.columns.lengths[at] as number, 'bytes')) {
      if (target.add(piece)) yield progress;
    }
  };
  yield* eachRecord(source, (block, at, progress) => {
    if (!isMessage(block, at)) return false;
    messages += 1;
    const length = block.columns.lengths[at] as number;
    return length > pieceBytes ? addPieces(block, at, progress) : target.add(block.bytes(at, 0, length));
  });
  return messages;
}
