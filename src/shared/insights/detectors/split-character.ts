import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack, type Transfer } from '../socket-track.ts';

/** A program handled a read that ends inside a character. */
export const splitCharacter: InsightKind = {
  id: 'split-character',
  severity: 'warning',
  title: 'A character was split between two reads, and the first part was handled alone',
  advice:
    'Collect the bytes of the whole message before you decode them, or decode with an incremental decoder, as makefile() does.',
  evidence:
    'a read that ends inside a UTF-8 character which the next read completes, and an answer or close() between the two. A program that returns the bytes that it receives is not reported.',
  start: ({ found }) => ({
    message(record, track, direction) {
      if (direction !== 'in' || !track.isStream || track.bytesIn === track.bytesOut) return;
      const [before, read] = track.reads.slice(-2);
      if (before === undefined || read === undefined || before.to !== read.from) return;
      const missing = missingBytes(before.end ?? new Uint8Array(0));
      const start = record.bytes(0, missing);
      if (missing === 0 || start.length < missing || !start.every(isContinuation)) return;
      const reply = replyBetween(track, before, read);
      if (reply === undefined || missingBytes(reply.end ?? new Uint8Array(0)) > 0) return;
      const sentence = `${ownerOf(track)} answered after a read that ended inside a UTF-8 character: its other ${missing === 1 ? 'byte' : `${missing} bytes`} arrived with the next read.`;
      found(track, sentence, [before.seq, reply.seq, read.seq]);
    },
  }),
};

function replyBetween({ sends }: SocketTrack, before: Transfer, read: Transfer): Transfer | undefined {
  return sends.find(({ seq }) => seq > before.seq && seq < read.seq);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** Returns how many bytes the last character of `end` lacks (RFC 3629); 0 if it is whole or no UTF-8. */
function missingBytes(end: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, end.length); back += 1) {
    const byte = end[end.length - back] as number;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte > 0xf4 || length <= back ? 0 : length - back;
  }
  return 0;
}
