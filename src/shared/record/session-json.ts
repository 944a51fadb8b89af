import { isEventKind, readEvent, type SocketEvent } from '../socket/event.ts';
import { isObject } from '../socket/events/event-kind.ts';
import { transports } from '../socket/transports.ts';
import { maxChecksumLength, type RecordKind, type SocketInfo } from './record.ts';

/** The JSON of the first block of a session file. */
export interface SessionHeader {
  readonly format: 'wirebench-session';
  /** Of the format. A reader refuses a higher version than it knows. */
  readonly version: number;
  readonly app: string;
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The process that recorded the file, and the name of its machine: to determine whether it still records. */
  readonly pid?: number | undefined;
  readonly host?: string | undefined;
}

export const sessionFormat = 'wirebench-session';
export const sessionVersion = 1;

/** The JSON of the end block: counts that a reader need not compute. */
export interface SessionTotals {
  readonly records: number;
  /** Messages, their bytes, and the `failed`, `limited`, `problem` and `malformed` records. */
  readonly messages: number;
  readonly bytes: number;
  readonly problems: number;
}

/**
 * What may change in a session, as the JSON of a settings block: the values of a block replace those of the blocks
 * before it.
 */
export interface SessionSettings {
  /** Overrides the header's name; empty if the session was not named. */
  readonly name: string;
}

/** Returns the header in `text`, or in words why it is not one. */
export function parseSessionHeader(text: string): SessionHeader | string {
  const value = parseObject(text);
  if (value === undefined || value.format !== sessionFormat) return 'it does not begin with a session header';
  const { version, app, id, name, createdAt, pid, host } = value;
  if (typeof version !== 'number') return 'its header has no version';
  if (version > sessionVersion)
    return `it was written in version ${version} of the format; this program reads ${sessionVersion}`;
  if (typeof id !== 'string' || typeof name !== 'string') return 'its header has no id or no name';
  const header: SessionHeader = {
    format: sessionFormat,
    version,
    app: typeof app === 'string' ? app : '',
    id,
    // A name is for display; a hostile one need not fit on a screen.
    name: name.slice(0, 200),
    createdAt: typeof createdAt === 'string' ? createdAt : '',
  };
  // For the system, zero and negative numbers identify groups of processes.
  const named = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 && typeof host === 'string';
  return named ? { ...header, pid, host } : header;
}

/** Returns the totals in `text`, or `undefined` if a count is missing. */
export function parseSessionTotals(text: string): SessionTotals | undefined {
  const value = parseObject(text);
  if (value === undefined) return undefined;
  const { records, messages, bytes, problems } = value;
  const counts = [records, messages, bytes, problems];
  if (!counts.every((count) => typeof count === 'number' && Number.isSafeInteger(count) && count >= 0))
    return undefined;
  return { records, messages, bytes, problems } as SessionTotals;
}

/** Returns the settings in `text` that are present and valid. The text is hostile until parsed, like all of the file. */
export function parseSessionSettings(text: string): Partial<SessionSettings> {
  const { name } = parseObject(text) ?? {};
  return typeof name === 'string' ? { name: name.slice(0, 200) } : {};
}

/** Returns the JSON object in `text`, or `undefined`. */
function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseRecordJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}

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
    ...(string(value.program) === '' ? {} : { program: string(value.program).slice(0, maxProgramLength) }),
    ...(string(value.checksum) === '' ? {} : { checksum: string(value.checksum).slice(0, maxChecksumLength) }),
  };
}

/** The maximum length of the name of a program, in UTF-16 units. */
const maxProgramLength = 300;

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
