import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack } from '../socket-track.ts';

const withinMs = 5_000;

/** A client tried ::1 for localhost, where nothing listens, and then 127.0.0.1. */
export const localhostIpv6First: InsightKind = {
  id: 'localhost-ipv6-first',
  severity: 'note',
  title: 'The client tried ::1 first, and the server listens on 127.0.0.1 only',
  advice: 'Connect to 127.0.0.1 instead of localhost, or let the server listen on ::1 as well.',
  evidence:
    'a connect() to ::1 that failed with ECONNREFUSED, and within 5 s a connection of the same program or endpoint to 127.0.0.1 and the same port.',
  start: ({ found }) => {
    const refused = new Map<string, { seq: number; at: number; track: SocketTrack }>();
    return {
      on: {
        failed({ seq, at, event }, track) {
          const { call, errno, address } = event;
          if (call !== 'connect' || errno !== 'ECONNREFUSED' || address?.host !== '::1') return;
          if (refused.size >= 1_000) refused.clear();
          refused.set(`${track.info.endpoint} ${address.port}`, { seq, at, track });
        },
        opened({ seq, at, event }, track) {
          const key = `${track.info.endpoint} ${event.peer.port}`;
          const before = event.peer.host.startsWith('127.') ? refused.get(key) : undefined;
          if (before === undefined) return;
          refused.delete(key);
          if (at - before.at > withinMs) return;
          const sentence = `${ownerOf(track)} tried [::1]:${event.peer.port} first, where nothing listens, and connected to ${event.peer.host} then.`;
          found(before.track, sentence, [before.seq, seq]);
        },
      },
    };
  },
};
