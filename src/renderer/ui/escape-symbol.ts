import { showControls, showLines } from '#shared/bytes/text.ts';

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
