import { fail, ok, type Result } from '#shared/failure.ts';
import type { Connection } from './connection.ts';

/** Sends a ping with a `payload` of up to 125 bytes on a WebSocket. Fails on any other connection, and on one that is ending. */
export function pingOn(connection: Connection, payload: Uint8Array): Result<Record<string, never>> {
  if (connection.ping(payload)) return ok({});
  const { id, transport } = connection.lifecycle.info;
  const tried = `Could not send a ping on socket ${id}`;
  if (transport === 'ws' || transport === 'wss') {
    return fail('wrong-state', tried, { system: 'the connection is not open', hint: 'Connect again.' });
  }
  return fail('unsupported', tried, { system: `${transport} has no pings`, hint: 'Use a WebSocket.' });
}
