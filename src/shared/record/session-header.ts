import { parseRecordJson } from './record-json.ts';

/** What the first block of a session file holds, as JSON. */
export interface SessionHeader {
  readonly format: 'wirebench-session';
  /** Of the format. A reader refuses one that is higher than it knows. */
  readonly version: number;
  readonly app: string;
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The process that recorded it, and the name of its machine: to tell whether it still does. */
  readonly pid?: number | undefined;
  readonly host?: string | undefined;
}

export const sessionFormat = 'wirebench-session';
export const sessionVersion = 1;

/** What the end block holds, as JSON: counts that a reader then need not make. */
export interface SessionTotals {
  readonly records: number;
  /** Messages, their bytes, and the `failed`, `limited`, `problem` and `malformed` records. */
  readonly messages: number;
  readonly bytes: number;
  readonly problems: number;
}

/**
 * What may change of a session while it lives, as JSON of a settings block: what a block names replaces what those
 * before it said.
 */
export interface SessionSettings {
  /** Goes before the header's name; empty where nobody gave one. */
  readonly name: string;
}

/** The header in `text`, or in words why it is none. */
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
    // A name is for showing; what an enemy wrote there need not fit a screen.
    name: name.slice(0, 200),
    createdAt: typeof createdAt === 'string' ? createdAt : '',
  };
  // Zero and below name groups of processes to the system, not one.
  const named = typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 && typeof host === 'string';
  return named ? { ...header, pid, host } : header;
}

/** The totals in `text`, or `undefined` where a count is missing. */
export function parseSessionTotals(text: string): SessionTotals | undefined {
  const value = parseObject(text);
  if (value === undefined) return undefined;
  const { records, messages, bytes, problems } = value;
  const counts = [records, messages, bytes, problems];
  if (!counts.every((count) => typeof count === 'number' && Number.isSafeInteger(count) && count >= 0))
    return undefined;
  return { records, messages, bytes, problems } as SessionTotals;
}

/** What `text` says of the settings; what it does not name is left out. Hostile until parsed, as all of a file. */
export function parseSessionSettings(text: string): Partial<SessionSettings> {
  const { name } = parseObject(text) ?? {};
  return typeof name === 'string' ? { name: name.slice(0, 200) } : {};
}

/** The JSON object in `text`, or `undefined`. */
function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseRecordJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}
