import type { InsightKind } from '../insight.ts';
import { directionOf, ownerOf, type SocketTrack } from '../socket-track.ts';

const waitMs = 500;

/** A program took several messages for one, and the sender waits for the other answers. */
export const messagesInOneRead: InsightKind = {
  id: 'messages-in-one-read',
  severity: 'warning',
  title: 'Several messages arrived in one read, and the program took them for one',
  advice: 'TCP keeps order, not boundaries: split what recv() returns into messages, by a delimiter or a length.',
  evidence:
    'one read with the bytes of several sends, one answer to it, and then both ends in recv() with fewer answers than sends; raw framing. Both ends must be traced.',
  start: ({ other, found }) => {
    const check = (track: SocketTrack | undefined, sender: SocketTrack | undefined) => {
      const read = track?.reads.at(-1);
      if (!track?.isStream || track.info.framing !== 'raw' || sender === undefined || read === undefined) return;
      if (track.bytesIn !== sender.bytesOut || sender.bytesIn !== track.bytesOut) return;
      const sends = sender.sends.filter(({ from, to }) => from >= read.from && to <= read.to);
      const replies = track.sends.filter(({ seq }) => seq > read.seq);
      if (sends.length < 2 || replies.length !== 1) return;
      const sentence = `${ownerOf(track)} received ${sends.length} sends in one read and answered once; ${ownerOf(sender)} waits for another answer.`;
      found(track, sentence, [...sends.slice(0, 10).map(({ seq }) => seq), read.seq, replies[0]?.seq ?? read.seq]);
    };
    return {
      on: {
        call({ event }, track) {
          const isRecv = directionOf(event) === 'in' && event.waits !== true && (event.result ?? 0) <= 0;
          const peer = isRecv && event.durationMs >= waitMs ? other(track) : undefined;
          if (peer === undefined || !isWaiting(peer)) return;
          check(track, peer);
          check(peer, track);
        },
      },
      settle(track, now) {
        const peer = other(track);
        const since = Math.max(track.waiting?.event.startAt ?? now, peer?.waiting?.event.startAt ?? now);
        if (peer && isWaiting(track) && isWaiting(peer) && now - since >= waitMs) check(track, peer);
      },
    };
  },
};

function isWaiting({ waiting }: SocketTrack): boolean {
  return waiting !== undefined && directionOf(waiting.event) === 'in';
}
