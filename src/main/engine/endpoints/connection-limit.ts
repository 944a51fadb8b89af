import { fail, type Result } from '#shared/failure.ts';
import type { SocketEvent } from '#shared/socket/event.ts';

/** Returns the event of a server that refuses a connection from `peer`, because `most` connections are open. */
export function connectionRefused(peer: string, most: number): SocketEvent {
  const text = `the connection from ${peer} was refused: ${most} connections are open, the maximum of this server (maxConnections)`;
  return { kind: 'limited', limit: 'maxConnections', text };
}

/** Returns the failure to add a peer to a bound UDP socket that has `count` peers, of at most `most`. */
export function tooManyPeers(tried: string, count: number, most: number): Result<never> {
  const system = `the limit of peers (maxConnections) is ${most}, and there are ${count}`;
  return fail('too-large', tried, { system, hint: 'Close a peer, or raise maxConnections in the options.' });
}
