import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

/** A program ended with an open connection. */
export const neverClosed: InsightKind = {
  id: 'never-closed',
  severity: 'note',
  title: 'The program ended without closing the socket',
  advice: 'Close each socket when it is no longer needed: in Python with “with socket.create_connection(…) as s:”.',
  evidence: 'the end of a traced program, and a socket of it without close() that no other process of the program has.',
  start: ({ found }) => ({
    on: {
      closed({ seq, event }, track) {
        if (track.info.program === undefined || event.cause !== 'stopped' || event.text === undefined) return;
        if (track.opened === undefined && track.listening === undefined) return;
        const evidence = [track.opened?.seq ?? track.listening?.seq ?? seq, seq];
        found(
          track,
          `${ownerOf(track)} ended without close() of ${track.info.local || 'its socket'}; the system closed it.`,
          evidence,
        );
      },
    },
  }),
};
