import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack } from '../socket-track.ts';

/** send() took a part of what it was given, and the program never sent the rest. */
export const shortSend: InsightKind = {
  id: 'short-send',
  severity: 'error',
  title: 'send() took fewer bytes than it was given, and the rest was not sent',
  advice: 'Use sendall(), or call send() again with the bytes that it did not take.',
  evidence:
    'a send() on a TCP socket that returned less than it was given, and no later send() before shutdown() or close().',
  start: ({ found }) => {
    const settle = (track: SocketTrack) => {
      const last = track.sends.at(-1);
      if (!track.isStream || last?.asked === undefined) return;
      const rest = last.asked - (last.to - last.from);
      if (rest <= 0 || (track.closed === undefined && track.lastCall?.event.name !== 'shutdown')) return;
      const sentence = `send() of ${ownerOf(track)} took ${last.to - last.from} of ${last.asked} bytes, and the other ${rest} bytes were never sent.`;
      found(track, sentence, [last.seq, track.closed?.seq ?? track.lastCall?.seq ?? last.seq]);
    };
    return { settle };
  },
};
