import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack } from '../socket-track.ts';

/** A program ended with an open connection. */
export const neverClosed: InsightKind = {
  id: 'never-closed',
  severity: 'note',
  title: 'The program ended without closing the socket',
  advice: 'Close each socket when it is no longer needed: in Python with “with socket.create_connection(…) as s:”.',
  evidence:
    'a traced program that ended with an open connection or listener, or a close() without a source line: Python closed the socket when the interpreter ended.',
  start: ({ found }) => {
    const report = (track: SocketTrack, seq: number) => {
      const first = track.opened ?? track.listening;
      if (track.info.program === undefined || first === undefined) return;
      const address = track.info.local || 'its socket';
      found(track, `${ownerOf(track)} ended without close() of ${address}.`, [first.seq, seq]);
    };
    return {
      on: {
        call({ event, seq }, track) {
          if (event.name !== 'close' || event.file !== undefined || !track.hasSource || event.errno !== undefined)
            return;
          report(track, seq);
        },
        closed({ seq, event }, track) {
          if (event.cause === 'stopped' && event.text !== undefined) report(track, seq);
        },
      },
    };
  },
};
