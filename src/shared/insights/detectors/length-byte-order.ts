import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack, type Transfer } from '../socket-track.ts';

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
      if (sender === undefined) return;
      for (const prefix of track.reads) {
        const wrong = wrongLength(prefix, track, sender);
        if (wrong === undefined) continue;
        const sentence = `${ownerOf(track)} read a length of ${wrong.asked} bytes, but the peer sent ${wrong.sent}: the prefix is in the other byte order.`;
        found(track, sentence, [prefix.seq, wrong.seq]);
        return;
      }
    },
  }),
};

interface WrongLength {
  readonly seq: number;
  readonly asked: number;
  readonly sent: number;
}

/** Returns the length that the receiver asked for after a prefix, where only its other byte order is what the peer sent. */
function wrongLength(prefix: Transfer, track: SocketTrack, { sends }: SocketTrack): WrongLength | undefined {
  const { to, from, end } = prefix;
  const length = to - from;
  if (end === undefined || length !== prefix.asked || (length !== 2 && length !== 4)) return undefined;
  const { seq, asked } = track.reads.find((read) => read.from === to) ?? track.lastAsked ?? {};
  if (seq === undefined || asked === undefined || seq <= prefix.seq) return undefined;
  const big = numberOf(end);
  const little = numberOf(end.slice().reverse());
  const sent = asked === big ? little : asked === little ? big : asked;
  const isSent = (value: number) => sends.some((send) => send.to - to === value);
  return sent !== asked && isSent(sent) && !isSent(asked) ? { seq, asked, sent } : undefined;
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
