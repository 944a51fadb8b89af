import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack, type Transfer } from '../socket-track.ts';

/** recv() filled its buffer in the middle of a message, and the program answered without reading the rest. */
export const recvFilledBuffer: InsightKind = {
  id: 'recv-filled-buffer',
  severity: 'warning',
  title: 'recv() filled its buffer exactly, and the rest was not read',
  advice:
    'Call recv() in a loop until the message is complete: up to its delimiter or to the length that it announces.',
  evidence:
    'a recv() that returned as many bytes as it asked for, inside one send() of the other end, before this side sent or closed; all calls of recv() on the socket ask for the same number. Both ends must be in the session.',
  start: ({ other, found }) => ({
    settle(track) {
      const sender = track.isStream && !isPassedOn(track) && asksTheSame(track) ? other(track) : undefined;
      if (sender === undefined) return;
      for (const [at, read] of track.reads.entries()) {
        const length = read.to - read.from;
        const split = read.asked === length ? sendAcross(sender, read) : undefined;
        const after = split === undefined ? undefined : leftAfter(track, at);
        if (split === undefined || after === undefined) continue;
        const sentence = `recv(${length}) of ${ownerOf(track)} filled its buffer with the first part of a ${split.to - split.from}-byte send(), and the program did not read the rest before it ${after.what}.`;
        found(track, sentence, [split.seq, read.seq, after.seq]);
        return;
      }
    },
  }),
};

/** A program that returns what it receives may handle any part of it. */
function isPassedOn({ bytesIn, bytesOut }: SocketTrack): boolean {
  return bytesIn === bytesOut;
}

/** A program that reads a header and then the length in it asks for different numbers of bytes. */
function asksTheSame({ reads }: SocketTrack): boolean {
  return reads.every(({ asked }) => asked === reads[0]?.asked);
}

/** Returns the send that continues beyond the end of a read. */
function sendAcross({ sends }: SocketTrack, read: Transfer): Transfer | undefined {
  return sends.find(({ from, to }) => from < read.to && read.to < to);
}

/** Returns what the program did instead of reading on after read `at`. */
function leftAfter({ reads, sends, closed }: SocketTrack, at: number): { seq: number; what: string } | undefined {
  const seq = reads[at]?.seq ?? 0;
  const next = reads[at + 1];
  const reply = sends.find((send) => send.seq > seq && (next === undefined || send.seq < next.seq));
  if (reply) return { seq: reply.seq, what: 'answered' };
  return next === undefined && closed ? { seq: closed.seq, what: 'closed the socket' } : undefined;
}
