import { duration } from '../bytes/units.ts';
import { baseName } from '../socket/events/call.ts';

/** A duration from which a call is said to have waited, in milliseconds. */
const shownFromMs = 1;
/** The maximum characters of the arguments in a box. */
const maxArguments = 22;

/** Returns an address without the host of this machine: `:12345`. */
export function shortPlace(address: string): string {
  return address.replace(/^(?:127\.0\.0\.1|\[::1\]|\[::ffff:127\.0\.0\.1\])(?=:)/, '');
}

/** Returns `text`, shortened to `most` characters. */
export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Returns a number of bytes for an arrow: `14 B`. */
export function bytesLabel(bytes: number): string {
  return `${String(bytes).replace(/\B(?=(\d{3})+$)/g, '\u202f')} B`;
}

/** What the label of a call says. */
interface LabelFacts {
  readonly name: string;
  readonly args?: string;
  readonly result?: number | undefined;
  readonly errno?: string | undefined;
  readonly waits?: boolean | undefined;
}

/** The calls whose result is the number of bytes. */
const transfers = /^(?:send|recv|read|write)/;

/** Returns the label of a call: `bind(:12345)`, `recv(1024) = 14`, `connect(:9) = ECONNREFUSED`, `accept() …` while it waits. */
export function callLabel({ name, args = '', result, errno, waits }: LabelFacts): string {
  const said = clipped(shortArguments(name, args), maxArguments);
  const call = `${name}(${said})`;
  if (waits) return `${call} …`;
  if (errno !== undefined) return `${call} = ${errno}`;
  return transfers.test(name) && result !== undefined ? `${call} = ${result}` : call;
}

function shortArguments(name: string, args: string): string {
  if (name === 'socket') return '';
  if (transfers.test(name)) return args.replace(/^(\d+) bytes/, '$1');
  return shortPlace(args);
}

/** Returns how long a call took where that can be seen: `waited 1.2 s`; empty for shorter calls. */
export function waitLabel(durationMs: number | undefined): string {
  return durationMs === undefined || durationMs < shownFromMs ? '' : duration(durationMs);
}

/** Returns the place of a line in a program, `server.py:14`. */
export function sourcePlace(file: string, line: number | undefined): string {
  return line === undefined ? baseName(file) : `${baseName(file)}:${line}`;
}
