import { isEventKind, readEvent, type SocketEvent } from '../socket/event.ts';
import { isObject } from '../socket/events/fields.ts';
import { transports } from '../socket/transports.ts';
import type { RecordKind, SocketInfo } from './record.ts';
import { parseRecordJson } from './record-json.ts';

/*
 * The sockets and events of a session file, read as if an enemy had written it: anyone may send one, and the results are
 * shown on the page.
 */

const roles: readonly SocketInfo['role'][] = ['listener', 'accepted', 'outgoing'];

/** Returns the event of kind `kind` in `text`, its JSON, or `undefined` where it is not whole. Never throws. */
export function parseSocketEvent(text: string, kind: RecordKind): SocketEvent | undefined {
  const fields = parseRecordJson(text);
  if (!isObject(fields) || fields.kind !== kind || !isEventKind(kind)) return undefined;
  return readEvent(kind, fields);
}

/** Returns the sockets in `text`, a JSON array. Those that are not whole are left out. Never throws. */
export function parseSocketInfos(text: string): SocketInfo[] {
  const list = parseRecordJson(text);
  if (!Array.isArray(list)) return [];
  return list.map(socketInfoOf).filter((info) => info !== undefined);
}

function socketInfoOf(value: unknown): SocketInfo | undefined {
  if (!isObject(value)) return undefined;
  const role = roles.find((known) => known === value.role);
  if (role === undefined || typeof value.id !== 'number' || !Number.isFinite(value.id)) return undefined;
  return {
    id: value.id,
    role,
    transport: transports.find((known) => known === value.transport) ?? 'tcp',
    endpoint: string(value.endpoint),
    name: string(value.name),
    local: string(value.local),
    peer: string(value.peer),
    framing: string(value.framing),
    ...(value.unconnected === true ? { unconnected: true } : {}),
  };
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
