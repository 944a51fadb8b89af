import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

/** A program answered a part of a message. */
export const messageInSeveralReads: InsightKind = {
  id: 'message-in-several-reads',
  severity: 'warning',
  title: 'One message arrived in several reads, and the program answered the first part',
  advice: 'TCP keeps order, not boundaries: read until the message is complete, by a delimiter or a length.',
  evidence:
    'one send() whose bytes arrived in at least two reads, and a send() of the receiver between them; raw framing. A program that returns the bytes that it receives is not reported. Both ends must be in the session.',
  start: ({ other, found }) => ({
    settle(track) {
      const sender = track.isStream && track.info.framing === 'raw' ? other(track) : undefined;
      if (sender === undefined || track.bytesIn === track.bytesOut) return;
      for (const [at, read] of track.reads.entries()) {
        const next = track.reads[at + 1];
        if (next === undefined || read.asked === read.to - read.from) continue;
        const split = sender.sends.find(({ from, to }) => from < read.to && read.to < to);
        const reply = split && track.sends.find(({ seq }) => seq > read.seq && seq < next.seq);
        if (split === undefined || reply === undefined) continue;
        const sentence = `${ownerOf(track)} answered after the first part of a ${split.to - split.from}-byte send(); the rest arrived with the next read.`;
        found(track, sentence, [split.seq, read.seq, reply.seq, next.seq]);
        return;
      }
    },
  }),
};
