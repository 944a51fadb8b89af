import type { InsightKind } from '../insight.ts';
import { directionOf, ownerOf } from '../socket-track.ts';

/** A program reads a connection again and again that the peer has ended. */
export const recvAfterEnd: InsightKind = {
  id: 'recv-after-end',
  severity: 'error',
  title: 'recv() returned 0 and was called again',
  advice: 'Leave the loop and close the socket when recv() returns no bytes: the peer sends nothing more.',
  evidence: 'three calls of recv() on one TCP socket that returned 0, with no bytes between them.',
  start: ({ found }) => {
    const firsts = new Map<number, number[]>();
    return {
      on: {
        call({ seq, event }, track) {
          if (!track.isStream || track.zeroReads === 0 || directionOf(event) !== 'in' || event.result !== 0) return;
          const seqs = [...(track.zeroReads === 1 ? [] : (firsts.get(track.id) ?? [])), seq].slice(0, 3);
          firsts.set(track.id, seqs);
          if (track.zeroReads !== 3) return;
          found(
            track,
            `${ownerOf(track)} called recv() again after it had returned 0: the peer had sent its FIN, so every further call returns 0 immediately.`,
            seqs,
          );
        },
        closed(_, { id }) {
          firsts.delete(id);
        },
      },
    };
  },
};
