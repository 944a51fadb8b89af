import { Capture } from '#shared/pcap/writing/capture.ts';
import type { Row } from '#shared/record/record.ts';
import type { DecodedBlock } from '../../../format/decoded-block.ts';
import { isMessage } from '../../../format/decoded-block.ts';
import type { Progress } from '../../../threads.ts';
import {
  type ExportWriter,
  eachRecord,
  exportRow,
  pieceBytes,
  piecesOf,
  run,
  type SaveSource,
  type Saving,
} from '../saving.ts';
import type { TargetFile } from '../target-file.ts';

const headerBytes = 512;
/** Of the blocks and headers of one packet. */
const packetOverhead = 78;
/** The payload of one TCP packet; after each 16 packets there is an acknowledgement of 72 bytes. */
const packetBytes = 65_495;
const acknowledgementShare = 72 / 16;

export const pcapng: ExportWriter = {
  write: (source, target, job) => run(savePcapng(source, target), job),
  size: ({ records, bytesIn, bytesOut }) =>
    headerBytes +
    records * (packetOverhead + acknowledgementShare) +
    (bytesIn + bytesOut) * (1 + packetOverhead / packetBytes),
};

/** Writes the chosen records as packets in a pcapng file. */
function* savePcapng(source: SaveSource, target: TargetFile): Saving {
  const { index, selection } = source;
  const { app = '' } = index.header ?? {};
  const name = index.settings.name || index.header?.name || '';
  const options = { appVersion: app, sessionName: name, partial: !selection.all };
  const capture = new Capture(index.sockets, options, (bytes) => target.write(bytes));
  const addPieces = function* (row: Row, block: DecodedBlock, at: number, progress: Progress) {
    let from = 0;
    for (const piece of piecesOf(block, at, 0, row.length, 'bytes')) {
      capture.message(row, piece, from, from + piece.length === row.length);
      from += piece.length;
      yield progress;
    }
  };
  const records = yield* eachRecord(source, (block, at, progress) => {
    const row = exportRow(index, block, at);
    if (row.length > pieceBytes) return addPieces(row, block, at, progress);
    if (isMessage(block, at)) capture.message(row, block.bytes(at, 0, row.length), 0, true);
    else capture.event(row);
    return false;
  });
  capture.end();
  return records;
}
