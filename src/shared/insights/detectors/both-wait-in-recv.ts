import type { InsightKind } from '../insight.ts';
import { directionOf, ownerOf, type SocketTrack } from '../socket-track.ts';

const waitMs = 500;

/** Both ends of a connection wait for the other one to send. */
export const bothWaitInRecv: InsightKind = {
  id: 'both-wait-in-recv',
  severity: 'error',
  title: 'Both ends wait in recv()',
  advice:
    'Decide in the protocol who sends next, and how the receiver knows that a message is complete: by a delimiter or a length.',
  evidence:
    'a recv() at each end of a connection that waited at the same time for at least 500 ms, after every byte that was sent had been read; on each socket all calls were made by one thread. Both ends must be traced.',
  start: ({ other, found }) => {
    const check = (track: SocketTrack, waiting: Wait | undefined, now: number) => {
      const peer = other(track);
      if (waiting === undefined || peer === undefined || !track.isStream) return;
      const theirs = waitOf(peer);
      if (theirs === undefined || track.threads.size > 1 || peer.threads.size > 1) return;
      if (track.bytesIn !== peer.bytesOut || peer.bytesIn !== track.bytesOut || track.ended || peer.ended) return;
      if (now - Math.max(waiting.startAt, theirs.startAt) < waitMs) return;
      const sentence = `${ownerOf(track)} and ${ownerOf(peer)} both wait in recv() on the same connection, and nothing is on the way.`;
      if (track.id < peer.id) found(track, sentence, [waiting.seq, theirs.seq]);
      else found(peer, sentence, [waiting.seq, theirs.seq]);
    };
    return {
      on: {
        call({ seq, at, event }, track) {
          const isRecv = directionOf(event) === 'in' && event.waits !== true && (event.result ?? 0) <= 0;
          if (isRecv && event.durationMs >= waitMs) check(track, { seq, startAt: event.startAt }, at);
        },
      },
      settle(track, now) {
        check(track, waitOf(track), now);
      },
    };
  },
};

interface Wait {
  readonly seq: number;
  readonly startAt: number;
}

function waitOf({ waiting }: SocketTrack): Wait | undefined {
  if (waiting === undefined || directionOf(waiting.event) !== 'in') return undefined;
  return { seq: waiting.seq, startAt: waiting.event.startAt };
}
