import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

const errors: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED']);

/** A program sends to a peer that has closed the connection. */
export const sendAfterClose: InsightKind = {
  id: 'send-after-close',
  severity: 'error',
  title: 'The program sent after the peer had closed',
  advice: 'Agree in the protocol who closes first, and read until recv() returns 0 before you decide whether to send.',
  evidence:
    'a send() that failed with EPIPE or ECONNRESET, and before it recv() that returned 0 or, where the other end is in the session, its close().',
  start: ({ other, found }) => {
    const failures = new Map<number, { seq: number; errno: string }>();
    return {
      on: {
        failed({ seq, event }, track) {
          const { call, errno } = event;
          if (call === 'send' && errno !== undefined && errors.has(errno) && !failures.has(track.id))
            failures.set(track.id, { seq, errno });
        },
      },
      settle(track) {
        const failed = failures.get(track.id);
        if (failed === undefined || !track.isStream) return;
        const before = track.ended ?? other(track)?.closed;
        if (track.closed) failures.delete(track.id);
        if (before === undefined) return;
        const sentence = `${ownerOf(track)} called send() after the peer had closed the connection: it failed with ${failed.errno}.`;
        found(track, sentence, [before.seq, failed.seq]);
      },
    };
  },
};
