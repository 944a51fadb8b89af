import { isEventKind, readEvent, type SocketEvent } from '../socket/event.ts';
import { isObject } from '../socket/events/fields.ts';
import { transports } from '../socket/transports.ts';
import type { RecordKind, SocketInfo } from './record.ts';

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

/** The maximum number of values in the JSON of one record: an event with the headers of a handshake has some hundreds. */
export const maxRecordValues = 65_536;

/**
 * Returns the value of `text`, the JSON of one record of a file; `undefined`, which JSON does not have, if it is not JSON
 * or has more than `maxRecordValues` values. Counts them before parsing: a line of 96 MiB could otherwise become
 * 32 million objects.
 */
export function parseRecordJson(text: string): unknown {
  // A value that is neither the first nor in quotes is preceded by a bracket or a comma.
  if (text.length > maxRecordValues && countsBeyond(text, maxRecordValues)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function countsBeyond(text: string, most: number): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x22) {
      at = endOfString(text, at);
    } else if (char === 0x2c || char === 0x5b || char === 0x7b) {
      count += 1;
      if (count > most) return true;
    }
  }
  return false;
}

/** Returns the position of the quotation mark that ends the string at `at`; the end of `text` if it is missing. */
function endOfString(text: string, at: number): number {
  for (let from = at + 1; ; ) {
    const end = text.indexOf('"', from);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c && end - 1 - slashes > at) slashes += 1;
    if (slashes % 2 === 0) return end;
    from = end + 1;
  }
}
