import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

interface Datagram {
  readonly seq: number;
  readonly length: number;
  readonly start: Uint8Array;
}

const remembered = 64;
const compared = 32;

/** A datagram was longer than the buffer of recvfrom(): the rest of it is lost. */
export const datagramTruncated: InsightKind = {
  id: 'datagram-truncated',
  severity: 'error',
  title: 'A datagram was longer than the buffer that it was received in',
  advice: 'Give recvfrom() a buffer for the longest datagram: 65 535 bytes is enough for any.',
  evidence:
    'a UDP read that returned as many bytes as it asked for, and one of the 64 datagrams sent before it that is longer and begins with the same bytes. The sender must be in the session.',
  start: ({ found }) => {
    const sent: Datagram[] = [];
    return {
      message(record, track, direction) {
        if (track.isStream) return;
        const { seq, length } = record;
        const start = record.bytes(0, Math.min(length, compared));
        if (direction === 'out') {
          sent.push({ seq, length, start });
          if (sent.length > remembered) sent.shift();
          return;
        }
        const read = track.reads.at(-1);
        if (read?.asked !== length) return;
        const isSame = (one: Datagram) => start.every((byte, at) => byte === one.start[at]);
        if (sent.some((one) => one.length === length && isSame(one))) return;
        const whole = sent.find((one) => one.length > length && isSame(one));
        if (whole === undefined) return;
        const sentence = `${ownerOf(track)} received the first ${length} bytes of a ${whole.length}-byte datagram; the system discarded the rest.`;
        found(track, sentence, [whole.seq, seq]);
      },
    };
  },
};
