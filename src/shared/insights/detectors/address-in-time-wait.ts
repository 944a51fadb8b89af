import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

/** TIME_WAIT lasts 60 s on Linux, at most 4 minutes elsewhere (RFC 9293, section 3.4.1). */
const timeWaitMs = 240_000;
const remembered = 1_000;

/** bind() fails because connections of the server before are in TIME_WAIT. */
export const addressInTimeWait: InsightKind = {
  id: 'address-in-time-wait',
  severity: 'error',
  title: 'The address is in use by old connections in TIME_WAIT, and SO_REUSEADDR is not set',
  advice: 'Call setsockopt(SOL_SOCKET, SO_REUSEADDR, 1) before bind(); socket.create_server() does so.',
  evidence:
    'a bind() that failed with EADDRINUSE without SO_REUSEADDR, and in the same session a closed connection with that local address that this side closed first, and no open listener there.',
  start: ({ tracks, found }) => {
    const closed = new Map<string, { seq: number; at: number }>();
    return {
      on: {
        closed({ seq, at, event }, { info }) {
          if (info.role !== 'accepted' || info.transport === 'udp' || event.cause !== 'local') return;
          if (closed.size >= remembered) closed.clear();
          closed.set(info.local, { seq, at });
        },
        failed({ seq, at, event }, track) {
          const { call, errno, address } = event;
          if (call !== 'bind' || errno !== 'EADDRINUSE' || address === undefined || track.reusesAddress) return;
          if (track.info.program === undefined) return;
          const local = address.family === 6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
          const before = closed.get(local);
          if (before === undefined || at - before.at > timeWaitMs) return;
          for (const { info, listening, closed: end } of tracks.values())
            if (listening && !end && info.local.endsWith(`:${address.port}`)) return;
          const sentence = `bind() of ${ownerOf(track)} failed with EADDRINUSE: a connection of ${local} was closed ${Math.round((at - before.at) / 100) / 10} s before and is in TIME_WAIT.`;
          found(track, sentence, [before.seq, seq]);
        },
      },
    };
  },
};
