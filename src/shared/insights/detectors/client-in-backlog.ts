import type { InsightKind } from '../insight.ts';
import { ownerOf, type SocketTrack } from '../socket-track.ts';

const waitMs = 500;

/** A client is connected, but the server does not accept it. */
export const clientInBacklog: InsightKind = {
  id: 'client-in-backlog',
  severity: 'warning',
  title: 'A client waits in the backlog, and the server does not accept it',
  advice: 'Call accept() in a loop, and serve each client in its own thread or with selectors or asyncio.',
  evidence:
    'a connection that was open for at least 500 ms and has no accepted socket in the session, although its listener is in the session and does not wait in accept().',
  start: ({ tracks, other, found }) => ({
    settle(track, now) {
      const { opened, closed, info } = track;
      if (info.role !== 'outgoing' || info.transport === 'udp' || opened === undefined || other(track)) return;
      if ((closed?.at ?? now) - opened.at < waitMs) return;
      const listener = listenerOf(tracks, info.peer, opened.at);
      if (listener?.listening === undefined) return;
      const sentence = `${ownerOf(track)} is connected to ${info.peer}, but ${ownerOf(listener)} has not called accept() for it: it waits in the backlog.`;
      found(track, sentence, [listener.listening.seq, opened.seq, ...(closed ? [closed.seq] : [])]);
    },
  }),
};

function listenerOf(tracks: ReadonlyMap<number, SocketTrack>, address: string, at: number): SocketTrack | undefined {
  for (const track of tracks.values()) {
    const { listening, closed, info, waiting } = track;
    const isThere = listening !== undefined && listening.at <= at && (closed === undefined || closed.at > at + waitMs);
    if (isThere && info.local === address && waiting?.event.name !== 'accept') return track;
  }
  return undefined;
}
