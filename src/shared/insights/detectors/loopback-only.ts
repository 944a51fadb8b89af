import type { InsightKind } from '../insight.ts';
import { ownerOf } from '../socket-track.ts';

const loopback = /^(?:127\.|::1$|localhost$)/;

/** A client tries an address where the server does not listen, because it listens on loopback only. */
export const loopbackOnly: InsightKind = {
  id: 'loopback-only',
  severity: 'warning',
  title: 'The server listens on loopback only, and a client tried another address',
  advice: 'Bind the server to 0.0.0.0 (or ::) if other machines are to reach it, or connect to 127.0.0.1.',
  evidence:
    'a listener on 127.0.0.1 or ::1, and a connect() to the same port of an address that is not loopback, which failed with ECONNREFUSED while the listener was open.',
  start: ({ tracks, found }) => ({
    on: {
      failed({ seq, event }, track) {
        const { call, errno, address } = event;
        if (call !== 'connect' || errno !== 'ECONNREFUSED' || address === undefined || loopback.test(address.host))
          return;
        for (const listener of tracks.values()) {
          const { listening, closed, info } = listener;
          if (listening === undefined || closed || !/^(?:127\.|\[::1\])/.test(info.local)) continue;
          if (!info.local.endsWith(`:${address.port}`)) continue;
          const sentence = `${ownerOf(listener)} listens on ${info.local} only, so connect() of ${ownerOf(track)} to ${address.host}:${address.port} was refused.`;
          found(listener, sentence, [listening.seq, seq]);
        }
      },
    },
  }),
};
