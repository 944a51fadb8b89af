import { showControls, showLines } from '#shared/bytes/text.ts';

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Returns a size as `1.2 MB`: decimal units, one decimal place below 100. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Returns a number as `10 431`: digits in groups of three, separated by narrow no-break spaces. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** Returns a count with its noun: `1 record`, `2 records`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** Returns milliseconds as seconds: `12.0431`. */
export function secondsText(ms: number): string {
  return (ms / 1_000).toFixed(4);
}

/** Returns the time since the previous record: `+0.2 ms`, `+12 s`; `+0` if an imported record is earlier. */
export function deltaText(ms: number): string {
  if (ms < 0.005) return '+0';
  if (ms < 10) return `+${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `+${Math.round(ms)} ms`;
  if (ms < 100_000) return `+${(ms / 1_000).toFixed(1)} s`;
  return `+${Math.round(ms / 1_000)} s`;
}

/** Returns a time with its date and microseconds, for tooltips. */
export function momentText(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const seconds = (date.getSeconds() + (ms % 1_000) / 1_000).toFixed(6).padStart(9, '0');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}

/** Returns the time of day with milliseconds: `14:05:09.123`. */
export function clockText(ms: number): string {
  return momentText(Math.trunc(ms)).slice(11, 23);
}

/** Returns a short form of `address`: only the port for 127.0.0.1. */
export function shortAddress(address: string): string {
  return address.replace(/^127\.0\.0\.1(?=:)/, '');
}

const names: Readonly<Record<number, string>> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r' };

/** Unicode's symbols for control characters (`␊`), which many fonts lack. */
const controlSymbols = /[\u2400-\u2421]+/g;

/** Returns the escape sequence (`\n`, `\x1b`) for the symbol of a control character. */
function escapeSymbol(symbol: string): string {
  const code = symbol.charCodeAt(0) === 0x2421 ? 0x7f : symbol.charCodeAt(0) - 0x2400;
  return names[code] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}

/** Returns `text` with escape sequences in place of the symbols of control characters. */
export function escapeSymbols(text: string): string {
  return text.replace(controlSymbols, (symbols) => Array.from(symbols, escapeSymbol).join(''));
}

/** Returns `text` on one line, with control, invisible and bidirectional characters escaped (`\\x1b`, `⟨U+202E⟩`). */
export function shownText(text: string): string {
  return escapeSymbols(showControls(text));
}

/** Returns `text` like `shownText`, but keeps line feeds and tabs. */
export function shownLines(text: string): string {
  return escapeSymbols(showLines(text));
}

/** Joins class names, omitting false and undefined. */
export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}

/** Returns printable ASCII unchanged, and every other byte as a dot. */
export function asciiOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
}
