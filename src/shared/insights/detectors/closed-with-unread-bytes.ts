import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

/** A program closed a connection with bytes that it had not read, which resets the connection. */
export const closedWithUnreadBytes: InsightKind = {
  id: 'closed-with-unread-bytes',
  severity: 'error',
  title: 'A socket was closed with unread bytes, so the peer received RST',
  advice: 'Read everything that the peer sends, until recv() returns 0, before you close the socket.',
  evidence:
    'a close() after which fewer bytes had been read than the other end had sent, and ECONNRESET at the other end. Both ends must be in the session.',
  start: ({ other, found }) => {
    const resets = new Map<number, number>();
    return {
      on: {
        failed({ seq, event }, track) {
          if (event.errno === 'ECONNRESET' && event.call !== 'connect') resets.set(track.id, seq);
        },
      },
      settle(track) {
        const reset = resets.get(track.id);
        const closer = reset === undefined || !track.isStream ? undefined : other(track);
        if (track.closed && closer?.closed) resets.delete(track.id);
        if (reset === undefined || closer?.closed === undefined) return;
        const unread = track.sends.find(({ to, startAt }) => to > closer.bytesIn && startAt < (closer.closed?.at ?? 0));
        if (unread === undefined) return;
        const sentence = `${ownerOf(closer)} closed its socket with ${track.bytesOut - closer.bytesIn} unread bytes, so the system sent RST and ${ownerOf(track)} failed with ECONNRESET.`;
        found(closer, sentence, [unread.seq, closer.closed.seq, reset]);
      },
    };
  },
};
