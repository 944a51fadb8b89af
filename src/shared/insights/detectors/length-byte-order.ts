import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

/** A length prefix was read in the byte order in which it was not written. */
export const lengthByteOrder: InsightKind = {
  id: 'length-byte-order',
  severity: 'error',
  title: 'A length prefix fits only in the other byte order',
  advice: 'Use network byte order (big endian) at both ends: struct.pack("!I", length).',
  evidence:
    'a recv() of 2 or 4 bytes, then a recv() that asks for their value in one byte order, while the peer sent exactly as many bytes as their value in the other. Both ends must be in the session.',
  start: ({ other, found }) => ({
    settle(track) {
      const sender = track.isStream ? other(track) : undefined;
      const next = track.lastAsked;
      const prefix = track.reads.find(({ to }) => to === next?.from);
      if (sender === undefined || next === undefined || prefix?.end === undefined) return;
      const length = prefix.to - prefix.from;
      if (length !== prefix.asked || (length !== 2 && length !== 4)) return;
      const big = numberOf(prefix.end);
      const little = numberOf(prefix.end.slice().reverse());
      const isSent = (value: number) => sender.sends.some(({ to }) => to - prefix.to === value);
      const right = next.asked === big ? little : next.asked === little ? big : next.asked;
      if (right === next.asked || !isSent(right) || isSent(next.asked)) return;
      const sentence = `${ownerOf(track)} read a length of ${next.asked} bytes, but the peer sent ${right}: the prefix is in the other byte order.`;
      found(track, sentence, [prefix.seq, next.seq]);
    },
  }),
};

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
