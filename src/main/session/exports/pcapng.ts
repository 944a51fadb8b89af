import { Capture } from '#shared/pcap/writing/capture.ts';
import {
  chosenBlocks,
  exportRow,
  isMessage,
  pieceBytes,
  piecesOf,
  placeOf,
  type SaveSource,
  type Saving,
} from './saving.ts';
import type { TargetFile } from './target-file.ts';

/** Writes the chosen records as packets in a pcapng file. */
export function* savePcapng(source: SaveSource, target: TargetFile): Saving {
  const { index, selection } = source;
  const { app = '' } = index.header ?? {};
  const name = index.settings.name || index.header?.name || '';
  const options = { appVersion: app, sessionName: name, partial: !selection.all };
  const capture = new Capture(index.sockets, options, (bytes) => target.write(bytes));
  let records = 0;
  for (const chosen of chosenBlocks(source)) {
    const { block, count } = chosen;
    for (let which = 0; which < count; which += 1) {
      const at = placeOf(chosen, which);
      const row = exportRow(index, block, at);
      if (!isMessage(block, at)) {
        capture.event(row);
      } else if (row.length <= pieceBytes) {
        capture.message(row, block.bytes(at, 0, row.length), 0, true);
      } else {
        let from = 0;
        for (const piece of piecesOf(block, at, 0, row.length, 'bytes')) {
          capture.message(row, piece, from, from + piece.length === row.length);
          from += piece.length;
          yield chosen;
        }
      }
    }
    records += count;
    yield chosen;
  }
  capture.end();
  return records;
}
