import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack } from '../socket-track.ts';

/** The timer of delayed acknowledgements is 40 ms on Linux (200 ms elsewhere), and is not exact. */
const pauseMs = { from: 36, to: 60 } as const;
const small = 1_448;
const repeats = 3;

/** Small sends wait for the delayed acknowledgement of the one before. */
export const nagleDelayedAck: InsightKind = {
  id: 'nagle-delayed-ack',
  severity: 'warning',
  title: 'Pauses of 40 ms: Nagle’s algorithm waits for delayed acknowledgements',
  advice: 'Send the parts of a message with one sendall(), or set TCP_NODELAY on the socket.',
  evidence:
    'three times on one connection: two small sends in a row without TCP_NODELAY, and a recv() of the other end that waited 36 to 60 ms from the second send until its bytes arrived. Both ends must be in the session.',
  start: ({ other, found }) => {
    const pauses = new Map<number, number[]>();
    return {
      settle(track) {
        const receiver = other(track);
        if (!track.isStream || track.sendsAtOnce || receiver === undefined) return;
        const seqs: number[] = pauses.get(track.id) ?? [];
        for (const pause of pausesOf(track, receiver)) if (!seqs.includes(pause[0])) seqs.push(...pause);
        if (track.closed) pauses.delete(track.id);
        else pauses.set(track.id, seqs.slice(-repeats * 2));
        if (seqs.length < repeats * 2) return;
        const sentence = `Small sends of ${ownerOf(track)} reached ${ownerOf(receiver)} about 40 ms late, because each waited for the acknowledgement of the one before.`;
        found(track, sentence, seqs.slice(0, repeats * 2));
      },
    };
  },
};

/** Returns the records of each late send and of the read that got it. */
function pausesOf({ sends }: SocketTrack, { reads }: SocketTrack): [number, number][] {
  return sends.flatMap((send, at): [number, number][] => {
    const before = sends[at - 1];
    if (before === undefined || send.to - send.from > small || send.startAt - before.at > 10) return [];
    const read = reads.find(({ from }) => from === send.from);
    if (read === undefined || read.startAt > send.at + 5) return [];
    const waited = read.at - send.at;
    return waited >= pauseMs.from && waited <= pauseMs.to ? [[send.seq, read.seq]] : [];
  });
}
