import { parseRecordJson } from './parse-record.ts';

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
